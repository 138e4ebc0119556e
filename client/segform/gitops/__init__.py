"""What the CI templates in `gitops/` run: `python -m segform.gitops plan|fetch|apply|drift`.

A plan on a pull request with one comment that is updated in place, an apply on merge that does
the reviewed plan or nothing, and drift on a schedule. By the engine (`segform plan`, `segform
apply`) or by Terraform, whose plan is told by `segform report`.
"""
