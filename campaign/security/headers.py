"""Headers of every answer: nothing is loaded from elsewhere, no script is needed, nothing is framed or sniffed."""

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "Cache-Control": "no-store",
}


def add_headers(app: Flask) -> None:
    """Set the headers on each answer of `app`. Answers that did not ask for caching are never kept by anybody."""

    @app.after_request
    def _headers(response: Response) -> Response:
        said = {name.lower() for name, _ in response.headers}  # asked once: `setdefault` would read them all for each
        for name, value in HEADERS.items():
            if name.lower() not in said:
                response.headers.add(name, value)
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
        return response
