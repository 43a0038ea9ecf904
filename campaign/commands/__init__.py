"""What is run from the shell, as `python -m campaign NAME`."""
