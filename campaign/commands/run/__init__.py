"""Start all parts of the platform in sample mode, look after them, and stop them on Ctrl-C."""

import argparse

# It makes the settings that the application reads, and starts the parts that need it.
NEEDS_APP = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where it listens, and the folder in which everything is kept."""
    parser.add_argument("--port", default="8000")
    parser.add_argument("--instance", default="instance")


def run(arguments: argparse.Namespace, app: None) -> int:
    """Run until asked to stop."""
    from campaign.commands.run.command import run_platform  # here: the mail catcher, in this folder too, needs none of it

    return run_platform(port=arguments.port, instance=arguments.instance)
