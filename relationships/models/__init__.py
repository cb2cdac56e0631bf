"""The kernel's tables, one module a concept."""

from relationships.models.bulk_change import BulkChange
from relationships.models.commitment import Commitment, FollowUp, Renegotiation
from relationships.models.consent import Consent, ConsentStanding, Purpose, PurposeWording
from relationships.models.content_scan import ContentScan
from relationships.models.custom_field import CustomChoice, CustomField, CustomValue
from relationships.models.document_version import DocumentVersion
from relationships.models.draft import ComposerDraft
from relationships.models.erased import ErasedIdentity
from relationships.models.handover import Handover, HandoverMail, HandoverPack
from relationships.models.interaction import Interaction
from relationships.models.meeting import MeetingGuest, MeetingInvitation
from relationships.models.merge import JoinedRelationship, MergeRecord, MergeStep
from relationships.models.party import (
    Bare,
    ContactPoint,
    Fold,
    LinkType,
    Party,
    PartyIdentifier,
    PartyLink,
    Words,
)
from relationships.models.pin import Pin
from relationships.models.playbook import PlaybookRun, PlaybookRunStep
from relationships.models.record import Document, Event, Submission, ValueEntry
from relationships.models.relationship import ConfidentialAccess, Relationship, RelationshipState
from relationships.models.reminder import CommitmentReminder
from relationships.models.saved_view import SavedView, ViewPin
from relationships.models.tag import Tag, Tagging

__all__ = [
    "Bare",
    "BulkChange",
    "Commitment",
    "CommitmentReminder",
    "ComposerDraft",
    "ConfidentialAccess",
    "Consent",
    "ConsentStanding",
    "ContactPoint",
    "ContentScan",
    "CustomChoice",
    "CustomField",
    "CustomValue",
    "Document",
    "DocumentVersion",
    "ErasedIdentity",
    "Event",
    "Fold",
    "FollowUp",
    "Handover",
    "HandoverMail",
    "HandoverPack",
    "Interaction",
    "JoinedRelationship",
    "LinkType",
    "MeetingGuest",
    "MeetingInvitation",
    "MergeRecord",
    "MergeStep",
    "Party",
    "PartyIdentifier",
    "PartyLink",
    "Pin",
    "PlaybookRun",
    "PlaybookRunStep",
    "Purpose",
    "PurposeWording",
    "Relationship",
    "RelationshipState",
    "Renegotiation",
    "SavedView",
    "Submission",
    "Tag",
    "Tagging",
    "ValueEntry",
    "ViewPin",
    "Words",
]
