CREATE TABLE "redactions" (
	"id" text PRIMARY KEY NOT NULL,
	"aggregate" text,
	"fields" jsonb NOT NULL,
	"noted_at" timestamp with time zone DEFAULT now() NOT NULL,
	"applied_at" timestamp with time zone
);
--> statement-breakpoint
CREATE INDEX "redactions_open" ON "redactions" USING btree ("id") WHERE applied_at is null;--> statement-breakpoint
CREATE INDEX "redactions_applied" ON "redactions" USING btree ("applied_at") WHERE applied_at is not null;