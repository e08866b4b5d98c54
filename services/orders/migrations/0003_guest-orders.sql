CREATE TABLE "proved_addresses" (
	"user_id" uuid NOT NULL,
	"email" text NOT NULL,
	CONSTRAINT "proved_addresses_user_id_email_pk" PRIMARY KEY("user_id","email")
);
--> statement-breakpoint
CREATE INDEX "orders_guest_email" ON "orders" USING btree (lower(contact->>'email')) WHERE owner_kind = 'guest';