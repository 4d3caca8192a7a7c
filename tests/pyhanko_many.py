"""Runs pyHanko's command line many times in one process. Standard input: a JSON list of argument lists, as after
`pyhanko`. Standard output: a JSON list of what each run said, and whether it succeeded."""

import json
import sys

from click.testing import CliRunner
from pyhanko.cli import cli_root

answers = []
for arguments in json.load(sys.stdin):
    result = CliRunner().invoke(cli_root, arguments)
    answers.append({"success": result.exit_code == 0, "said": result.output})
json.dump(answers, sys.stdout)
