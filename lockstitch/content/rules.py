"""Which documents a site has. Pure."""

STORIES = ("feature", "news")  # any number of each, in lists
SINGLE = ("home", "theme", "faq", "banners", "law", "opening")  # one of each
KINDS = (*STORIES, "page", *SINGLE)
