"""The templates, oldest first. A version is frozen once a take was drawn with it; better words are a new one."""

from studio.prompting.versions import v1, v2

ALL = (v1, v2)
BY_NAME = {version.VERSION: version for version in ALL}
NEWEST = ALL[-1].VERSION
