/** The sign-in form. Nothing in it comes from a request. */
export const page = (): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Local identity provider</title>
<h1>Local identity provider</h1>
<p>For development only: you are whoever you say you are.</p>
<form method="post">
  <p><label>E-mail <input name="email" type="email" value="ada@example.com" autofocus></label>
  <p><label><input name="verified" type="checkbox" checked> The provider has verified the address</label>
  <p><label>Name <input name="name" value="Ada"></label>
  <p><button>Sign in</button> <button name="deny" value="true">Deny</button>
</form>
</html>
`
