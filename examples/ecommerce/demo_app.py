"""The shop as the demo changes it: without the web source, or with the guard lifted.

cdktf diff --app "python -m segform_cdktf.run demo_app.py without-web"
"""

from __future__ import annotations

import sys

from cdktf import App

from main import Shop

changes = sys.argv[1:]
app = App()
Shop(
    app,
    "shop",
    with_web="without-web" not in changes,
    protect=[] if "unguarded" in changes else None,
)
app.synth()
