CREATE TABLE "erased_owners" (
	"owner_id" text PRIMARY KEY NOT NULL,
	"erased_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "erasure" text;--> statement-breakpoint
CREATE INDEX "erased_owners_at" ON "erased_owners" USING btree ("erased_at");--> statement-breakpoint
CREATE INDEX "orders_erasure_due" ON "orders" USING btree ("id") WHERE erasure = 'due';