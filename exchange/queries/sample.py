"""How much of the workspace is sample data."""

from dataclasses import dataclass

from accounts.models import User
from relationships.models import Interaction, Party, Relationship


@dataclass(frozen=True)
class SampleSize:
    """Counts of sample rows, over the whole workspace: for administrators only."""

    relationships: int
    parties: int
    interactions: int
    sign_ins: int

    @property
    def is_there(self) -> bool:
        """Whether anything is left to remove."""
        return bool(self.relationships or self.parties or self.sign_ins)


def sample_size() -> SampleSize:
    """What a removal would take away."""
    relationships = Relationship.objects.filter(is_sample=True)
    return SampleSize(
        relationships=relationships.count(),
        parties=Party.objects.filter(is_sample=True).count(),
        interactions=Interaction.objects.filter(relationship__in=relationships).count(),
        sign_ins=User.objects.filter(is_sample=True, is_active=True).count(),
    )
