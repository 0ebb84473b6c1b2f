"""Facts and declarations → the lists, rules text and pages an operator publishes. A gap is a question, never a guess."""

from hegui.compose.first_launch import first_launch
from hegui.compose.listing import listing
from hegui.compose.lists import collected_list, function_list, permission_list, sdk_list, sharing_list
from hegui.compose.pages import Page
from hegui.compose.rules import rules
from hegui.compose.scenes import scenes
from hegui.compose.subject import Subject

# Every page, in the order a reader wants them, by the name the command line knows it under.
PAGES = {
    "rules": rules,
    "functions": function_list,
    "permissions": permission_list,
    "sdks": sdk_list,
    "collected": collected_list,
    "sharing": sharing_list,
    "scenes": scenes,
    "first-launch": first_launch,
    "listing": listing,
}

__all__ = ["PAGES", "Page", "Subject"]
