"""What changed between two sets of rules, and whether it breaks what is sent today.

Schemas are compared by what they accept: a change breaks where there is a value that the old one
takes and the new one refuses. Standard library only, so that a plan can be graded anywhere.
"""
