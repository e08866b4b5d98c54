-- Searching products by parts of words (products_search).
CREATE EXTENSION IF NOT EXISTS pg_trgm;
