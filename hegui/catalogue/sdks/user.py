"""Where the SDKs of the user layer (用户层) are."""

import os
from collections.abc import Mapping
from pathlib import Path

from hegui.home import home_folder


def sdks_folder(environ: Mapping[str, str] = os.environ) -> Path:
    return home_folder(environ) / "catalogue" / "sdks"
