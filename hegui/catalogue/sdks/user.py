"""Where the SDKs of the user layer (用户层) are."""

import os
from collections.abc import Mapping
from pathlib import Path


def sdks_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """`catalogue/sdks` under $HEGUI_HOME, else $XDG_CONFIG_HOME/hegui, else ~/.config/hegui."""
    if own := environ.get("HEGUI_HOME"):
        home = Path(own).expanduser()
    elif config := environ.get("XDG_CONFIG_HOME"):
        home = Path(config) / "hegui"
    else:
        home = Path.home() / ".config" / "hegui"
    return home / "catalogue" / "sdks"
