"""Headers of every page."""

# a page runs and loads nothing but what this server has
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
REFERRER_POLICY = ("Referrer-Policy", "strict-origin-when-cross-origin")
# for browsers that do not know frame-ancestors
FRAME_OPTIONS = ("X-Frame-Options", "SAMEORIGIN")
PAGE_HEADERS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    REFERRER_POLICY,
    FRAME_OPTIONS,
)
# of a page in a frame of any other site
EMBEDDED_HEADERS = (
    (
        "Content-Security-Policy",
        CONTENT_SECURITY_POLICY.replace("frame-ancestors 'self'", "frame-ancestors *"),
    ),
    REFERRER_POLICY,
)
