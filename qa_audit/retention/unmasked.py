"""Who may take personal data of customers out of the department as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa_audit.settings import PrivacySettings


def sees_unmasked(who: str, privacy: PrivacySettings, roles: Iterable[str] = ()) -> bool:
    """Whether a person, or somebody with one of these roles, gets exports unmasked.

    >>> from qa_audit.settings import PrivacySettings
    >>> privacy = PrivacySettings(unmasked=("wangfang", "supervisor"))
    >>> [sees_unmasked("wangfang", privacy), sees_unmasked("limin", privacy)]
    [True, False]
    >>> sees_unmasked("limin", privacy, roles=["supervisor"])
    True
    """
    return not privacy.mask_exports or not {who, *roles}.isdisjoint(privacy.unmasked)
