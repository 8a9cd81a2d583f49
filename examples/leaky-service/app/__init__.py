"""A small shop: sessions, prices, reports, recommendations."""
