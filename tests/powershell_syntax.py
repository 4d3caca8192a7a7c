"""Parses a PowerShell script by the grammar of tree-sitter. Usage: powershell_syntax.py FILE. Prints each fault and
each command that the script calls; exits with 1 where there is a fault."""

import sys

import tree_sitter
import tree_sitter_powershell

text = open(sys.argv[1], "rb").read().removeprefix(b"\xef\xbb\xbf")
parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
faults, commands, nodes = [], set(), [parser.parse(text).root_node]
while nodes:
    node = nodes.pop()
    nodes.extend(node.children)
    if node.type == "ERROR" or node.is_missing:
        faults.append(f"fault at line {node.start_point[0] + 1}: {node.text[:60]}")
    if node.type == "command_name":
        commands.add(node.text.decode())
print("\n".join(faults + sorted(commands)))
sys.exit(bool(faults))
