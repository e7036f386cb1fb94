"""Who may see and do what, by project: roles, the file that gives them, and who a reader is.

Nothing here knows Streamlit. `load_access` reads the file, `identify` says who a reader is from what their sign-in or
their proxy says of them, and `Access.may` answers everything else. Whom the file does not name may do nothing.
"""

from plainview.access.identity import Person, Refusal, identify, is_loopback, whence
from plainview.access.limits import WriteLimit
from plainview.access.policy import Access, SignIn, load_access, read_access
from plainview.access.roles import ROLES, Action, actions_of

__all__ = [
    "ROLES",
    "Access",
    "Action",
    "Person",
    "Refusal",
    "SignIn",
    "WriteLimit",
    "actions_of",
    "identify",
    "is_loopback",
    "load_access",
    "read_access",
    "whence",
]
