"""What a mail server's trouble means, in words for people. Passwords and addresses of servers stay out of them."""

from __future__ import annotations

import smtplib
import ssl


def said(trouble: Exception) -> str:
    """One plain sentence."""
    if isinstance(trouble, smtplib.SMTPAuthenticationError):
        return "The mail server did not take the studio’s name and password."
    if isinstance(trouble, smtplib.SMTPRecipientsRefused):
        return "The mail server does not take letters for this address."
    if isinstance(trouble, ssl.SSLError | smtplib.SMTPNotSupportedError):
        return "The line to the mail server is not safe, so nothing was sent over it."
    if isinstance(trouble, smtplib.SMTPResponseException):
        return f"The mail server refused the letter for now (code {trouble.smtp_code})."
    return "The mail server does not answer."


def is_final(trouble: Exception) -> bool:
    """Whether asking again is of no use: every address was refused for good."""
    if not isinstance(trouble, smtplib.SMTPRecipientsRefused):
        return False
    return bool(trouble.recipients) and all(code >= 500 for code, _ in trouble.recipients.values())
