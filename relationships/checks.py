"""What must hold before anything runs: every event can be told, and every kind that is named exists."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from accounts.permissions import ROLES
from core.clamd import place_of
from relationships import kinds
from relationships.enums import Channel, TimelineGroup, Verb
from relationships.registry import registry


def check_events_have_words(
    *, app_configs: Sequence[AppConfig] | None = None, **_options: Any
) -> list[CheckMessage]:
    """Every verb that the kernel writes has words, every fragment exists, every group is one."""
    errors: list[CheckMessage] = [
        Error(f"The event verb {verb.value!r} has no words.", id="relationships.E001")
        for verb in Verb
        if verb not in registry.event_words
    ]
    for words in registry.event_words.values():
        try:
            get_template(words.template)
        except TemplateDoesNotExist:
            errors.append(
                Error(
                    f"The words of {words.verb!r}, {words.template}, do not exist.", id="relationships.E002"
                )
            )
        if words.filter_group not in TimelineGroup.values:
            errors.append(
                Error(
                    f"The words of {words.verb!r} belong to {words.filter_group!r}, which is no TimelineGroup.",
                    id="relationships.E003",
                )
            )
    return errors


def check_kinds(*, app_configs: Sequence[AppConfig] | None = None, **_options: Any) -> list[CheckMessage]:
    """Every kind has a profile one-to-one with Relationship, a stage to start in, and a key of its own."""
    errors: list[CheckMessage] = []
    keys: dict[str, str] = {}
    for kind in kinds.registry:
        if not kind.stages:
            errors.append(Error(f"The kind {kind.slug!r} has no stages.", id="relationships.E004"))
        if not _is_profile(kind.profile):
            errors.append(
                Error(
                    f"The profile {kind.profile} of {kind.slug!r} is not a model whose primary key is "
                    "a OneToOneField to Relationship.",
                    id="relationships.E005",
                )
            )
        if kind.key and keys.setdefault(kind.key, kind.slug) != kind.slug:
            errors.append(
                Error(
                    f"The kinds {keys[kind.key]!r} and {kind.slug!r} share the key {kind.key!r}.",
                    id="relationships.E006",
                )
            )
        errors += _playbook_errors(kind) + _reference_errors(kind)
    return errors


def _playbook_errors(kind: kinds.Kind) -> list[CheckMessage]:
    """A playbook has a name of its own and steps in the order of their days, on channels that there are."""
    errors: list[CheckMessage] = []
    slugs = [playbook.slug for playbook in kind.playbooks]
    for playbook in kind.playbooks:
        days = [step.offset_days for step in playbook.steps]
        channels = {step.channel for step in playbook.steps} - {"", *Channel.values}
        if slugs.count(playbook.slug) > 1 or not days or days != sorted(days) or days[0] < 0 or channels:
            errors.append(
                Error(
                    f"The playbook {playbook.slug!r} of {kind.slug!r} needs a slug of its own, steps in the "
                    "order of their days, none of them before it begins, and channels that exist.",
                    id="relationships.E007",
                )
            )
    return errors


def _reference_errors(kind: kinds.Kind) -> list[CheckMessage]:
    """What a kind says of other kinds and of roles names what there is."""
    errors: list[CheckMessage] = [
        Error(
            f"The kind {kind.slug!r} is in conflict with {rule.other!r}, which is no other kind.",
            id="relationships.E008",
        )
        for rule in kind.conflicts
        if rule.other not in kinds.registry or rule.other == kind.slug
    ]
    unknown = sorted((kind.sight.roles if kind.sight else frozenset()) - ROLES.keys())
    errors += [
        Error(f"The kind {kind.slug!r} is open to {role!r}, which is no role.", id="relationships.E009")
        for role in unknown
    ]
    return errors


def _is_profile(label: str) -> bool:
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return False
    remote = model._meta.pk.remote_field
    return model._meta.pk.one_to_one is True and remote.model is apps.get_model("relationships.Relationship")


def check_scanner(*, app_configs: Sequence[AppConfig] | None = None, **_options: Any) -> list[CheckMessage]:
    """Where the virus scanner is can be understood."""
    try:
        if settings.CLAMD:
            place_of(settings.CLAMD)
    except ValueError as error:
        return [Error(f"RELMAN_CLAMD: {error}.", id="relationships.E010")]
    return []
