"""Where the user layer (用户层) is: what a user adds to the law and the catalogue, never overwritten by an update."""

import os
from collections.abc import Mapping
from pathlib import Path


def home_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """$HEGUI_HOME, else $XDG_CONFIG_HOME/hegui, else ~/.config/hegui."""
    if own := environ.get("HEGUI_HOME"):
        return Path(own).expanduser()
    if config := environ.get("XDG_CONFIG_HOME"):
        return Path(config) / "hegui"
    return Path.home() / ".config" / "hegui"
