CREATE TABLE "unlinked_identities" (
	"user_id" uuid NOT NULL,
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"unlinked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "unlinked_identities_user_id_issuer_subject_pk" PRIMARY KEY("user_id","issuer","subject")
);
--> statement-breakpoint
ALTER TABLE "unlinked_identities" ADD CONSTRAINT "unlinked_identities_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;