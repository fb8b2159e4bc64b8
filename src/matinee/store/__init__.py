"""Durable state: the event log, histories, promotions, and artefacts on disk."""

from matinee.store.events import Event
from matinee.store.store import Counts, HistoryRows, Promotion, Store

__all__ = ["Counts", "Event", "HistoryRows", "Promotion", "Store"]
