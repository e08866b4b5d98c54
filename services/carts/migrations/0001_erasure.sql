CREATE TABLE "erased_owners" (
	"owner_id" text PRIMARY KEY NOT NULL,
	"erased_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "carts_owner" ON "carts" USING btree ("owner_kind","owner_id");--> statement-breakpoint
CREATE INDEX "carts_merged_into" ON "carts" USING btree ("merged_into") WHERE merged_into is not null;