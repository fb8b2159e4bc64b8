"""Durable state: event log, histories, promotions, and artefacts on disk."""

from matinee.store.events import Event
from matinee.store.films import FilmIds
from matinee.store.promotions import Promotion
from matinee.store.recommenders import Training, load_recommender, save_recommender
from matinee.store.store import Counts, HistoryRows, Marks, Store
from matinee.store.training import LogRatings, Moment

__all__ = [
    "Counts",
    "Event",
    "FilmIds",
    "HistoryRows",
    "LogRatings",
    "Marks",
    "Moment",
    "Promotion",
    "Store",
    "Training",
    "load_recommender",
    "save_recommender",
]
