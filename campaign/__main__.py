"""`python -m campaign NAME`: the commands.

A command is a module of campaign.commands with `add_arguments(parser)` and `run(arguments, app) -> int`; it says
`NEEDS_APP = False` where it runs without database and keys.
"""

import argparse
import os
import sys
from importlib import import_module

from campaign.commands.run.sample_secrets import environment_of_sample

COMMANDS = {
    "run": "campaign.commands.run",
    "migrate": "campaign.commands.migrate",
    "import": "campaign.commands.importing",
    "account": "campaign.commands.account",
    "authority": "campaign.commands.authority",
    "keys": "campaign.commands.keys",
    "reconcile": "campaign.commands.reconcile",
    "prepare": "campaign.commands.run.prepare",
    "messages": "campaign.commands.messages",
}


def main(words: list[str]) -> int:
    """Run one command. Returns its exit code."""
    if not words or words[0] not in COMMANDS:
        print(f"usage: python -m campaign {{{','.join(COMMANDS)}}} …", file=sys.stderr)
        return 2
    module = import_module(COMMANDS[words[0]])
    parser = argparse.ArgumentParser(prog=f"python -m campaign {words[0]}", description=module.__doc__)
    module.add_arguments(parser)
    arguments = parser.parse_args(words[1:])
    if not getattr(module, "NEEDS_APP", True):
        return int(module.run(arguments, None))
    os.environ.update(environment_of_sample(os.environ))
    from campaign.app import create_app  # here, because `run` sets the environment that it reads

    app = create_app()
    with app.app_context():
        return int(module.run(arguments, app))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
