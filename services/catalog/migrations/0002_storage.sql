-- Levels and reservations change often and never in an indexed column but the reservation's state: room in each page
-- lets PostgreSQL write the new version of a row beside the old one and clean up without a vacuum.
ALTER TABLE stock_levels SET (fillfactor = 50);
--> statement-breakpoint
ALTER TABLE reservations SET (fillfactor = 80);
