"""Which documents a site has. Pure."""

STORIES = ("feature", "news")  # any number of each, in lists
SINGLE = ("home", "theme", "faq", "banners", "law", "opening")  # one of each
APPROVAL = "approval"  # whether two persons are wanted; the owner's to say
KINDS = (*STORIES, "page", *SINGLE, APPROVAL)
# What nobody publishes alone where two persons are wanted. Opening and closing is no text.
SECONDED = frozenset({*STORIES, "page", "home", "theme", "faq", "banners", "law"})
# A release gathers drafts of these. Published, it is planned until its moment has come.
OPEN = ("draft", "rolled_back")
RELEASE_STATES = (*OPEN, "published", "dropped")
RELEASE_EVENTS = ("made", "asked", "approved", "turned_down", "published", "rolled_back", "dropped")
DOCUMENTS_MAX = 60  # in one release
