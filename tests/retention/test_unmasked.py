import pytest

from qa_audit.retention.unmasked import sees_unmasked
from qa_audit.settings import PrivacySettings


@pytest.mark.parametrize(
    ("privacy", "who", "roles", "wanted"),
    [
        (PrivacySettings(), "limin", [], False),
        (PrivacySettings(mask_exports=False), "limin", [], True),
        (PrivacySettings(unmasked=("limin",)), "limin", [], True),
        (PrivacySettings(unmasked=("supervisor",)), "limin", ["supervisor"], True),
        (PrivacySettings(unmasked=("supervisor",)), "limin", ["inspector"], False),
    ],
)
def test_who_gets_exports_unmasked(privacy, who, roles, wanted):
    assert sees_unmasked(who, privacy, roles) is wanted
