// A running stack as a shopper and a staff member reach it.

export interface Target {
  readonly gatewayUrl: string
  readonly sandboxUrl: string
  readonly admin: { readonly email: string; readonly password: string }
}
