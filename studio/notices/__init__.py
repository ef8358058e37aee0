"""Telling people what happened: notices, letters, webhooks. Rows first, sent by the worker."""
