"""Specifications checked as they come: a cache keeps every validator (openapi-spec-validator #523)."""

from openapi_spec_validator import validate
from openapi_spec_validator.validation.validators import SpecValidator


def exercise(n):
    for number in range(n):
        validate({"openapi": "3.0.0", "info": {"title": str(number), "version": "1"}, "paths": {}})


def held():
    cached = SpecValidator.iter_errors
    cached = cached if hasattr(cached, "cache_info") else getattr(cached, "__wrapped__", cached)
    return cached.cache_info().currsize if hasattr(cached, "cache_info") else 0
