from luuppi.inner_loop.models.case import Case, CaseItem
from luuppi.inner_loop.models.confirmation import Confirmation
from luuppi.inner_loop.models.message import Message
from luuppi.inner_loop.models.rule import Rule

__all__ = ["Case", "CaseItem", "Confirmation", "Message", "Rule"]
