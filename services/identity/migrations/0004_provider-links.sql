ALTER TABLE "provider_sign_ins" ADD COLUMN "purpose" text DEFAULT 'sign-in' NOT NULL;--> statement-breakpoint
ALTER TABLE "provider_sign_ins" ADD COLUMN "user_id" uuid;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "proof_tries" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "provider_sign_ins" ADD CONSTRAINT "provider_sign_ins_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "provider_sign_ins_user_idx" ON "provider_sign_ins" USING btree ("user_id");--> statement-breakpoint
ALTER TABLE "provider_sign_ins" ADD CONSTRAINT "provider_sign_ins_of_whom" CHECK (("provider_sign_ins"."purpose" = 'sign-in') = ("provider_sign_ins"."user_id" is null));