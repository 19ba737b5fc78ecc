/**
 * Made from the service's own OpenAPI document by `npm run generate`; a test compares the two.
 * Change the routes' schemas, not this file.
 */
export interface paths {
    readonly "/.well-known/jwks.json": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Public keys of access tokens and ID tokens */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly keys: readonly {
                                /** @enum {string} */
                                readonly alg: "RS256";
                                readonly e: string;
                                readonly kid: string;
                                /** @enum {string} */
                                readonly kty: "RSA";
                                readonly n: string;
                                /** @enum {string} */
                                readonly use: "sig";
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/.well-known/oauth-authorization-server": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Discovery document */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description Levels of a sign-in, the weakest first (RFC 9470 §4) */
                            readonly acr_values_supported: readonly string[];
                            readonly authorization_endpoint: string;
                            readonly authorization_response_iss_parameter_supported: boolean;
                            readonly claims_supported: readonly string[];
                            readonly client_id_metadata_document_supported: boolean;
                            readonly code_challenge_methods_supported: readonly string[];
                            readonly end_session_endpoint: string;
                            readonly grant_types_supported: readonly string[];
                            readonly id_token_signing_alg_values_supported: readonly string[];
                            readonly introspection_endpoint: string;
                            readonly introspection_endpoint_auth_methods_supported: readonly string[];
                            readonly issuer: string;
                            readonly jwks_uri: string;
                            readonly prompt_values_supported: readonly string[];
                            /** @description What `resource` may name (RFC 9728 §4) */
                            readonly protected_resources: readonly string[];
                            readonly pushed_authorization_request_endpoint: string;
                            readonly request_parameter_supported: boolean;
                            /** @description Of URIs that are fetched; those of `/oauth/par` are taken */
                            readonly request_uri_parameter_supported: boolean;
                            readonly response_modes_supported: readonly string[];
                            readonly response_types_supported: readonly string[];
                            readonly revocation_endpoint: string;
                            readonly revocation_endpoint_auth_methods_supported: readonly string[];
                            readonly scopes_supported: readonly string[];
                            readonly subject_types_supported: readonly string[];
                            readonly token_endpoint: string;
                            readonly token_endpoint_auth_methods_supported: readonly string[];
                            readonly userinfo_endpoint: string;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/.well-known/openid-configuration": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Discovery document */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description Levels of a sign-in, the weakest first (RFC 9470 §4) */
                            readonly acr_values_supported: readonly string[];
                            readonly authorization_endpoint: string;
                            readonly authorization_response_iss_parameter_supported: boolean;
                            readonly claims_supported: readonly string[];
                            readonly client_id_metadata_document_supported: boolean;
                            readonly code_challenge_methods_supported: readonly string[];
                            readonly end_session_endpoint: string;
                            readonly grant_types_supported: readonly string[];
                            readonly id_token_signing_alg_values_supported: readonly string[];
                            readonly introspection_endpoint: string;
                            readonly introspection_endpoint_auth_methods_supported: readonly string[];
                            readonly issuer: string;
                            readonly jwks_uri: string;
                            readonly prompt_values_supported: readonly string[];
                            /** @description What `resource` may name (RFC 9728 §4) */
                            readonly protected_resources: readonly string[];
                            readonly pushed_authorization_request_endpoint: string;
                            readonly request_parameter_supported: boolean;
                            /** @description Of URIs that are fetched; those of `/oauth/par` are taken */
                            readonly request_uri_parameter_supported: boolean;
                            readonly response_modes_supported: readonly string[];
                            readonly response_types_supported: readonly string[];
                            readonly revocation_endpoint: string;
                            readonly revocation_endpoint_auth_methods_supported: readonly string[];
                            readonly scopes_supported: readonly string[];
                            readonly subject_types_supported: readonly string[];
                            readonly token_endpoint: string;
                            readonly token_endpoint_auth_methods_supported: readonly string[];
                            readonly userinfo_endpoint: string;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/.well-known/passkey-endpoints": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Where people make and manage passkeys, for password managers */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly enroll: string;
                            readonly manage: string;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/account": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Delete my account, for good
         * @description All that is kept of the person goes, and the address is free at once; the audit trail keeps what happened, under a random name. The sign-in must not be older than 15 minutes. An administrator’s account is refused.
         */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded, and there is nothing to say */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/account/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List what happened in my account
         * @description The newest first, 20 a page. Wrong passwords, codes and second factors of one hour are one event with a count. `ip` and `userAgent` are those of the person, or of a stranger who was refused.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description The `cursor` of the page before: older events */
                    readonly cursor?: string;
                    /** @description Events of this name alone (docs/events.md) */
                    readonly event?: "user_created" | "invitation_accepted" | "name_changed" | "address_changed" | "address_change_undone" | "address_verified" | "address_freed" | "identity_linked" | "identity_unlinked" | "identity_suspended" | "identity_suspension_lifted" | "consent_given" | "consent_withdrawn" | "authn_login_success" | "authn_app_login" | "authn_login_fail" | "authn_code_fail" | "authn_factor_added" | "authn_factor_removed" | "authn_factors_removed" | "authn_factors_removal_cancelled" | "authn_factor_fail" | "authn_passkey_renamed" | "authn_passkeys_suspended" | "authn_passkey_suspension_lifted" | "authn_recovery_code_used" | "authn_recovery_codes_replaced" | "authn_step_up" | "authn_device_trusted" | "authn_device_ended" | "authn_logout" | "authn_session_ended" | "authn_sessions_ended" | "authn_password_change" | "authn_password_change_fail" | "authn_password_reset" | "account_taken_over" | "account_erased" | "authn_token_reuse" | "authn_token_revoked" | "authz_admin" | "sensitive_create" | "sensitive_update" | "sensitive_rotate" | "sensitive_delete" | "client_registered" | "client_changed" | "client_secret_rotated" | "client_removed" | "client_suspended" | "client_suspension_lifted" | "sensitive_leak" | "api_key_suspended" | "api_key_suspension_lifted";
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description Leads on to older events; null where there are none */
                            readonly cursor: string | null;
                            readonly events: readonly {
                                /**
                                 * @description Who did it: `self` is the person whose account it is
                                 * @enum {unknown}
                                 */
                                readonly actor: "self" | "administrator" | "command-line" | "key-holder" | "service" | "stranger";
                                /**
                                 * Format: date-time
                                 * @description When it happened; of refusals that were counted together, the last
                                 */
                                readonly at: string;
                                /** @description What the event is about, such as `sessionId`, `keyId` or `factor` */
                                readonly details: {
                                    readonly [key: string]: unknown;
                                };
                                /**
                                 * @description Its name (docs/events.md)
                                 * @example authn_login_success
                                 */
                                readonly event: string;
                                readonly id: string;
                                readonly ip: string | null;
                                /** @description How many refusals of one hour it stands for; 1 for any other event */
                                readonly times: number;
                                readonly userAgent: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/account/export": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get all that is kept of me
         * @description As docs/account-export.schema.json says. Secrets and their hashes are named, and not given. Ten times a day. The sign-in must not be older than 15 minutes.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly [key: string]: unknown;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/admin": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** For administrators */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @enum {string} */
                            readonly message: "Admin data";
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/admin/clients": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List the apps that sign people in */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly clients: readonly {
                                readonly createdAt: string | null;
                                /** @description The id of an administrator, or what else made it */
                                readonly createdBy: string;
                                /** @description Whether it is in the settings of the deployment, which alone change it */
                                readonly declared: boolean;
                                readonly firstParty: boolean;
                                /**
                                 * @description Its `client_id`
                                 * @example app_3q2-7wAAAAAAAAAAAAAAAA
                                 */
                                readonly id: string;
                                readonly name: string;
                                readonly postLogoutRedirectUris: readonly string[];
                                readonly public: boolean;
                                readonly redirectUris: readonly string[];
                                readonly resources: readonly string[] | null;
                                readonly scopes: readonly string[] | null;
                                /** @description Those that work, the newest first; `until` is the end of an overlap */
                                readonly secrets: readonly {
                                    readonly addedAt: string | null;
                                    readonly until: string | null;
                                }[];
                                /**
                                 * @description A suspended app is unknown to all others until an administrator enables it
                                 * @enum {unknown}
                                 */
                                readonly status: "active" | "suspended";
                                readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Register an app
         * @description The answer has its `client_id` and, unless it is public, a secret, which is shown once. Needs a sign-in of the last 15 minutes.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description One of the team’s own apps: people are not asked where all its URIs are `https` */
                        readonly firstParty?: boolean;
                        /**
                         * @description What people are told that it is called
                         * @example Orders
                         */
                        readonly name: string;
                        /** @description Where a sign-out may end, written likewise */
                        readonly postLogoutRedirectUris?: readonly string[];
                        /** @description An app that can keep no secret, in a browser or on a phone: it gets none */
                        readonly public?: boolean;
                        /**
                         * @description Where its answers may go: `https`, `http` on loopback, or a scheme of its own with a dot (RFC 8252). Compared letter for letter, but for the port of a loopback address
                         * @example [
                         *       "https://orders.example.com/callback"
                         *     ]
                         */
                        readonly redirectUris: readonly string[];
                        /** @description APIs of `RESOURCES` that it may ask for; every one unless said otherwise */
                        readonly resources?: readonly string[];
                        /** @description Scopes of those that it may ask for; all unless said otherwise */
                        readonly scopes?: readonly string[];
                    };
                };
            };
            readonly responses: {
                /** @description It was created */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly client: {
                                readonly createdAt: string | null;
                                /** @description The id of an administrator, or what else made it */
                                readonly createdBy: string;
                                /** @description Whether it is in the settings of the deployment, which alone change it */
                                readonly declared: boolean;
                                readonly firstParty: boolean;
                                /**
                                 * @description Its `client_id`
                                 * @example app_3q2-7wAAAAAAAAAAAAAAAA
                                 */
                                readonly id: string;
                                readonly name: string;
                                readonly postLogoutRedirectUris: readonly string[];
                                readonly public: boolean;
                                readonly redirectUris: readonly string[];
                                readonly resources: readonly string[] | null;
                                readonly scopes: readonly string[] | null;
                                /** @description Those that work, the newest first; `until` is the end of an overlap */
                                readonly secrets: readonly {
                                    readonly addedAt: string | null;
                                    readonly until: string | null;
                                }[];
                                /**
                                 * @description A suspended app is unknown to all others until an administrator enables it
                                 * @enum {unknown}
                                 */
                                readonly status: "active" | "suspended";
                                readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                            };
                            /** @description Shown once; a public app has none */
                            readonly clientSecret?: string;
                            readonly message?: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/admin/clients/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Show an app */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly client: {
                                readonly createdAt: string | null;
                                /** @description The id of an administrator, or what else made it */
                                readonly createdBy: string;
                                /** @description Whether it is in the settings of the deployment, which alone change it */
                                readonly declared: boolean;
                                readonly firstParty: boolean;
                                /**
                                 * @description Its `client_id`
                                 * @example app_3q2-7wAAAAAAAAAAAAAAAA
                                 */
                                readonly id: string;
                                readonly name: string;
                                readonly postLogoutRedirectUris: readonly string[];
                                readonly public: boolean;
                                readonly redirectUris: readonly string[];
                                readonly resources: readonly string[] | null;
                                readonly scopes: readonly string[] | null;
                                /** @description Those that work, the newest first; `until` is the end of an overlap */
                                readonly secrets: readonly {
                                    readonly addedAt: string | null;
                                    readonly until: string | null;
                                }[];
                                /**
                                 * @description A suspended app is unknown to all others until an administrator enables it
                                 * @enum {unknown}
                                 */
                                readonly status: "active" | "suspended";
                                readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                            };
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        /**
         * Remove an app
         * @description It is unknown from then on: no one can sign in to it, and its refresh tokens are refused. Needs a sign-in of the last 15 minutes.
         */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded, and there is nothing to say */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        /**
         * Change an app
         * @description What is left out stays. Whether an app is public does not change: register another. Needs a sign-in of the last 15 minutes.
         */
        readonly patch: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description One of the team’s own apps: people are not asked where all its URIs are `https` */
                        readonly firstParty?: boolean;
                        /**
                         * @description What people are told that it is called
                         * @example Orders
                         */
                        readonly name?: string;
                        /** @description Where a sign-out may end, written likewise */
                        readonly postLogoutRedirectUris?: readonly string[];
                        /**
                         * @description Where its answers may go: `https`, `http` on loopback, or a scheme of its own with a dot (RFC 8252). Compared letter for letter, but for the port of a loopback address
                         * @example [
                         *       "https://orders.example.com/callback"
                         *     ]
                         */
                        readonly redirectUris?: readonly string[];
                        readonly resources?: readonly string[] | null;
                        readonly scopes?: readonly string[] | null;
                        /**
                         * @description Enables an app that the service has suspended
                         * @enum {string}
                         */
                        readonly status?: "active";
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly client: {
                                readonly createdAt: string | null;
                                /** @description The id of an administrator, or what else made it */
                                readonly createdBy: string;
                                /** @description Whether it is in the settings of the deployment, which alone change it */
                                readonly declared: boolean;
                                readonly firstParty: boolean;
                                /**
                                 * @description Its `client_id`
                                 * @example app_3q2-7wAAAAAAAAAAAAAAAA
                                 */
                                readonly id: string;
                                readonly name: string;
                                readonly postLogoutRedirectUris: readonly string[];
                                readonly public: boolean;
                                readonly redirectUris: readonly string[];
                                readonly resources: readonly string[] | null;
                                readonly scopes: readonly string[] | null;
                                /** @description Those that work, the newest first; `until` is the end of an overlap */
                                readonly secrets: readonly {
                                    readonly addedAt: string | null;
                                    readonly until: string | null;
                                }[];
                                /**
                                 * @description A suspended app is unknown to all others until an administrator enables it
                                 * @enum {unknown}
                                 */
                                readonly status: "active" | "suspended";
                                readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                            };
                        };
                    };
                };
            };
        };
        readonly trace?: never;
    };
    readonly "/api/admin/clients/{id}/secret": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Give an app a new secret
         * @description The new secret works at once, and the old one for the overlap, so that nothing stops. Needs a sign-in of the last 15 minutes.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: {
                readonly content: {
                    readonly "application/json": {
                        /** @description How long the old secret goes on working; a day unless said otherwise */
                        readonly overlapSeconds?: number;
                    } | null;
                };
            };
            readonly responses: {
                /** @description It was created */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly client: {
                                readonly createdAt: string | null;
                                /** @description The id of an administrator, or what else made it */
                                readonly createdBy: string;
                                /** @description Whether it is in the settings of the deployment, which alone change it */
                                readonly declared: boolean;
                                readonly firstParty: boolean;
                                /**
                                 * @description Its `client_id`
                                 * @example app_3q2-7wAAAAAAAAAAAAAAAA
                                 */
                                readonly id: string;
                                readonly name: string;
                                readonly postLogoutRedirectUris: readonly string[];
                                readonly public: boolean;
                                readonly redirectUris: readonly string[];
                                readonly resources: readonly string[] | null;
                                readonly scopes: readonly string[] | null;
                                /** @description Those that work, the newest first; `until` is the end of an overlap */
                                readonly secrets: readonly {
                                    readonly addedAt: string | null;
                                    readonly until: string | null;
                                }[];
                                /**
                                 * @description A suspended app is unknown to all others until an administrator enables it
                                 * @enum {unknown}
                                 */
                                readonly status: "active" | "suspended";
                                readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                            };
                            /** @description Shown once; a public app has none */
                            readonly clientSecret?: string;
                            readonly message?: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/admin/invitations": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List open invitations
         * @description 100 a page, in no order from page to page; the newest of a page first.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description The `cursor` of the page before */
                    readonly cursor?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description Leads on to the next page; null where there is none */
                            readonly cursor: string | null;
                            readonly invitations: readonly {
                                /** Format: date-time */
                                readonly createdAt: string;
                                readonly email: string;
                                /**
                                 * Format: date-time
                                 * @description When the invitation ends; the link of its mail is good for 24 hours
                                 */
                                readonly expiresAt: string;
                                /** @description Id of the administrator who sent the last mail; `command-line` for the command line */
                                readonly invitedBy: string;
                                /** @enum {unknown} */
                                readonly role: "user" | "admin";
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/admin/invitations/resend": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Send the mail of an invitation again
         * @description Requires a sign-in within the last 15 minutes. The former link is good for nothing, and the invitation is open for seven days again.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @example ada@example.com */
                        readonly email: string;
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly invitation: {
                                /** Format: date-time */
                                readonly createdAt: string;
                                readonly email: string;
                                /**
                                 * Format: date-time
                                 * @description When the invitation ends; the link of its mail is good for 24 hours
                                 */
                                readonly expiresAt: string;
                                /** @description Id of the administrator who sent the last mail; `command-line` for the command line */
                                readonly invitedBy: string;
                                /** @enum {unknown} */
                                readonly role: "user" | "admin";
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/admin/invitations/withdraw": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Withdraw an invitation
         * @description Its link is good for nothing, and the address admits no one any more.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @example ada@example.com */
                        readonly email: string;
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded, and there is nothing to say */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/admin/users": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List users
         * @description The newest accounts first, 20 a page. An account that is made or changed meanwhile may come a moment late; what the list says of each is read from the account itself, so a page may have fewer.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description The `cursor` of the page before */
                    readonly cursor?: string;
                    /** @description Of this status alone */
                    readonly status?: "active" | "disabled";
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description Leads on to the next page; null where there is none */
                            readonly cursor: string | null;
                            readonly users: readonly {
                                /** Format: date-time */
                                readonly createdAt: string;
                                /** @description Missing where the address was freed from the account */
                                readonly email?: string;
                                /** @description Whether a mail or an identity provider has proved that the address is this user’s */
                                readonly emailVerified: boolean;
                                readonly id: string;
                                readonly name?: string;
                                /** @enum {unknown} */
                                readonly role: "user" | "admin";
                                /** @enum {unknown} */
                                readonly status: "active" | "disabled";
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/admin/users/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Show a user */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly user: {
                                /** Format: date-time */
                                readonly createdAt: string;
                                /** @description Missing where the address was freed from the account */
                                readonly email?: string;
                                /** @description Whether a mail or an identity provider has proved that the address is this user’s */
                                readonly emailVerified: boolean;
                                /** @description A removal of all second factors that is under way */
                                readonly factorsRemoval: {
                                    /** Format: date-time */
                                    readonly beganAt: string;
                                    /** @description Id of the administrator who began it */
                                    readonly by: string;
                                    /** @description Id of another administrator who confirmed it for an administrator’s account */
                                    readonly confirmedBy: string | null;
                                    /**
                                     * Format: date-time
                                     * @description From then on the next sign-in of the user does it without another administrator
                                     */
                                    readonly effectiveAt: string;
                                    /** @description Whether the user got a mail with a link that takes it back. False where the service sends no mail or the account has no address: then administrators alone can stop it */
                                    readonly isOwnerTold: boolean;
                                } | null;
                                readonly hasPassword: boolean;
                                readonly id: string;
                                /** @description Suspended ones too */
                                readonly identities: readonly {
                                    readonly email: string | null;
                                    readonly id: string;
                                    readonly issuer: string;
                                    /** Format: date-time */
                                    readonly linkedAt: string;
                                    /** @example google */
                                    readonly provider: string;
                                    /**
                                     * @description A suspended identity does not sign in until its owner or an administrator enables it
                                     * @enum {unknown}
                                     */
                                    readonly status: "active" | "suspended";
                                    readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                                }[];
                                /** @description Whether the rules of administrators’ accounts hold for it: it is one, or was one in the last seven days */
                                readonly isAdminAccount: boolean;
                                /** @description Whether one-time passwords are refused, since 100 in a row were wrong */
                                readonly isTotpLocked: boolean;
                                readonly name?: string;
                                /**
                                 * @description Ids of the providers that the user can sign in at
                                 * @example [
                                 *       "google"
                                 *     ]
                                 */
                                readonly providers: readonly string[];
                                /** @enum {unknown} */
                                readonly role: "user" | "admin";
                                /**
                                 * @description What the user can prove a second factor with
                                 * @example [
                                 *       "totp",
                                 *       "recovery-code"
                                 *     ]
                                 */
                                readonly secondFactors: readonly string[];
                                /** @enum {unknown} */
                                readonly status: "active" | "disabled";
                            };
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        /**
         * Delete a user, for good
         * @description As `DELETE /api/account` does. Needs a sign-in of the last 15 minutes. An administrator’s account is refused.
         */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded, and there is nothing to say */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        /**
         * Disable or enable a user, change their role
         * @description Giving or taking a role and enabling require a sign-in within the last 15 minutes; disabling does not. A change of status ends all of the user’s sessions. Administrators cannot disable themselves or give up their own role.
         */
        readonly patch: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @enum {unknown} */
                        readonly role?: "user" | "admin";
                        /** @enum {unknown} */
                        readonly status?: "active" | "disabled";
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly user: {
                                /** Format: date-time */
                                readonly createdAt: string;
                                /** @description Missing where the address was freed from the account */
                                readonly email?: string;
                                /** @description Whether a mail or an identity provider has proved that the address is this user’s */
                                readonly emailVerified: boolean;
                                /** @description A removal of all second factors that is under way */
                                readonly factorsRemoval: {
                                    /** Format: date-time */
                                    readonly beganAt: string;
                                    /** @description Id of the administrator who began it */
                                    readonly by: string;
                                    /** @description Id of another administrator who confirmed it for an administrator’s account */
                                    readonly confirmedBy: string | null;
                                    /**
                                     * Format: date-time
                                     * @description From then on the next sign-in of the user does it without another administrator
                                     */
                                    readonly effectiveAt: string;
                                    /** @description Whether the user got a mail with a link that takes it back. False where the service sends no mail or the account has no address: then administrators alone can stop it */
                                    readonly isOwnerTold: boolean;
                                } | null;
                                readonly hasPassword: boolean;
                                readonly id: string;
                                /** @description Suspended ones too */
                                readonly identities: readonly {
                                    readonly email: string | null;
                                    readonly id: string;
                                    readonly issuer: string;
                                    /** Format: date-time */
                                    readonly linkedAt: string;
                                    /** @example google */
                                    readonly provider: string;
                                    /**
                                     * @description A suspended identity does not sign in until its owner or an administrator enables it
                                     * @enum {unknown}
                                     */
                                    readonly status: "active" | "suspended";
                                    readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                                }[];
                                /** @description Whether the rules of administrators’ accounts hold for it: it is one, or was one in the last seven days */
                                readonly isAdminAccount: boolean;
                                /** @description Whether one-time passwords are refused, since 100 in a row were wrong */
                                readonly isTotpLocked: boolean;
                                readonly name?: string;
                                /**
                                 * @description Ids of the providers that the user can sign in at
                                 * @example [
                                 *       "google"
                                 *     ]
                                 */
                                readonly providers: readonly string[];
                                /** @enum {unknown} */
                                readonly role: "user" | "admin";
                                /**
                                 * @description What the user can prove a second factor with
                                 * @example [
                                 *       "totp",
                                 *       "recovery-code"
                                 *     ]
                                 */
                                readonly secondFactors: readonly string[];
                                /** @enum {unknown} */
                                readonly status: "active" | "disabled";
                            };
                        };
                    };
                };
            };
        };
        readonly trace?: never;
    };
    readonly "/api/admin/users/{id}/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List what happened in the account of a user
         * @description The newest first, 20 a page. Wrong passwords, codes and second factors of one hour are one event with a count. What happened in a deleted account stays for as long as the trail is kept, under the name that its deletion gave it.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description The `cursor` of the page before: older events */
                    readonly cursor?: string;
                    /** @description Events of this name alone (docs/events.md) */
                    readonly event?: "user_created" | "invitation_accepted" | "name_changed" | "address_changed" | "address_change_undone" | "address_verified" | "address_freed" | "identity_linked" | "identity_unlinked" | "identity_suspended" | "identity_suspension_lifted" | "consent_given" | "consent_withdrawn" | "authn_login_success" | "authn_app_login" | "authn_login_fail" | "authn_code_fail" | "authn_factor_added" | "authn_factor_removed" | "authn_factors_removed" | "authn_factors_removal_cancelled" | "authn_factor_fail" | "authn_passkey_renamed" | "authn_passkeys_suspended" | "authn_passkey_suspension_lifted" | "authn_recovery_code_used" | "authn_recovery_codes_replaced" | "authn_step_up" | "authn_device_trusted" | "authn_device_ended" | "authn_logout" | "authn_session_ended" | "authn_sessions_ended" | "authn_password_change" | "authn_password_change_fail" | "authn_password_reset" | "account_taken_over" | "account_erased" | "authn_token_reuse" | "authn_token_revoked" | "authz_admin" | "sensitive_create" | "sensitive_update" | "sensitive_rotate" | "sensitive_delete" | "client_registered" | "client_changed" | "client_secret_rotated" | "client_removed" | "client_suspended" | "client_suspension_lifted" | "sensitive_leak" | "api_key_suspended" | "api_key_suspension_lifted";
                };
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description Leads on to older events; null where there are none */
                            readonly cursor: string | null;
                            readonly events: readonly {
                                /**
                                 * @description Who did it: `self` is the person whose account it is
                                 * @enum {unknown}
                                 */
                                readonly actor: "self" | "administrator" | "command-line" | "key-holder" | "service" | "stranger";
                                /** @description Id of the user who did it, where it was another one */
                                readonly actorId: string | null;
                                /**
                                 * Format: date-time
                                 * @description When it happened; of refusals that were counted together, the last
                                 */
                                readonly at: string;
                                /** @description What the event is about, such as `sessionId`, `keyId` or `factor` */
                                readonly details: {
                                    readonly [key: string]: unknown;
                                };
                                /**
                                 * @description Its name (docs/events.md)
                                 * @example authn_login_success
                                 */
                                readonly event: string;
                                readonly id: string;
                                readonly ip: string | null;
                                /** @description How many refusals of one hour it stands for; 1 for any other event */
                                readonly times: number;
                                readonly userAgent: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/admin/users/{id}/factors-removal": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Begin to remove all second factors of a user
         * @description For a user who has lost them. `factorsRemoval` says when it takes effect: with the first sign-in after 24 hours, or at once when another administrator confirms it. The user gets a mail with a link that takes it back. For an administrator’s account both are wanted: the other administrator and the 24 hours. A removal that is under way stays as it is; after seven days it lapses. Needs a sign-in of the last 15 minutes, with a second factor where the administrator has one.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly user: {
                                /** Format: date-time */
                                readonly createdAt: string;
                                /** @description Missing where the address was freed from the account */
                                readonly email?: string;
                                /** @description Whether a mail or an identity provider has proved that the address is this user’s */
                                readonly emailVerified: boolean;
                                /** @description A removal of all second factors that is under way */
                                readonly factorsRemoval: {
                                    /** Format: date-time */
                                    readonly beganAt: string;
                                    /** @description Id of the administrator who began it */
                                    readonly by: string;
                                    /** @description Id of another administrator who confirmed it for an administrator’s account */
                                    readonly confirmedBy: string | null;
                                    /**
                                     * Format: date-time
                                     * @description From then on the next sign-in of the user does it without another administrator
                                     */
                                    readonly effectiveAt: string;
                                    /** @description Whether the user got a mail with a link that takes it back. False where the service sends no mail or the account has no address: then administrators alone can stop it */
                                    readonly isOwnerTold: boolean;
                                } | null;
                                readonly hasPassword: boolean;
                                readonly id: string;
                                /** @description Suspended ones too */
                                readonly identities: readonly {
                                    readonly email: string | null;
                                    readonly id: string;
                                    readonly issuer: string;
                                    /** Format: date-time */
                                    readonly linkedAt: string;
                                    /** @example google */
                                    readonly provider: string;
                                    /**
                                     * @description A suspended identity does not sign in until its owner or an administrator enables it
                                     * @enum {unknown}
                                     */
                                    readonly status: "active" | "suspended";
                                    readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                                }[];
                                /** @description Whether the rules of administrators’ accounts hold for it: it is one, or was one in the last seven days */
                                readonly isAdminAccount: boolean;
                                /** @description Whether one-time passwords are refused, since 100 in a row were wrong */
                                readonly isTotpLocked: boolean;
                                readonly name?: string;
                                /**
                                 * @description Ids of the providers that the user can sign in at
                                 * @example [
                                 *       "google"
                                 *     ]
                                 */
                                readonly providers: readonly string[];
                                /** @enum {unknown} */
                                readonly role: "user" | "admin";
                                /**
                                 * @description What the user can prove a second factor with
                                 * @example [
                                 *       "totp",
                                 *       "recovery-code"
                                 *     ]
                                 */
                                readonly secondFactors: readonly string[];
                                /** @enum {unknown} */
                                readonly status: "active" | "disabled";
                            };
                        };
                    };
                };
            };
        };
        /** Take back the removal of the second factors of a user */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly user: {
                                /** Format: date-time */
                                readonly createdAt: string;
                                /** @description Missing where the address was freed from the account */
                                readonly email?: string;
                                /** @description Whether a mail or an identity provider has proved that the address is this user’s */
                                readonly emailVerified: boolean;
                                /** @description A removal of all second factors that is under way */
                                readonly factorsRemoval: {
                                    /** Format: date-time */
                                    readonly beganAt: string;
                                    /** @description Id of the administrator who began it */
                                    readonly by: string;
                                    /** @description Id of another administrator who confirmed it for an administrator’s account */
                                    readonly confirmedBy: string | null;
                                    /**
                                     * Format: date-time
                                     * @description From then on the next sign-in of the user does it without another administrator
                                     */
                                    readonly effectiveAt: string;
                                    /** @description Whether the user got a mail with a link that takes it back. False where the service sends no mail or the account has no address: then administrators alone can stop it */
                                    readonly isOwnerTold: boolean;
                                } | null;
                                readonly hasPassword: boolean;
                                readonly id: string;
                                /** @description Suspended ones too */
                                readonly identities: readonly {
                                    readonly email: string | null;
                                    readonly id: string;
                                    readonly issuer: string;
                                    /** Format: date-time */
                                    readonly linkedAt: string;
                                    /** @example google */
                                    readonly provider: string;
                                    /**
                                     * @description A suspended identity does not sign in until its owner or an administrator enables it
                                     * @enum {unknown}
                                     */
                                    readonly status: "active" | "suspended";
                                    readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                                }[];
                                /** @description Whether the rules of administrators’ accounts hold for it: it is one, or was one in the last seven days */
                                readonly isAdminAccount: boolean;
                                /** @description Whether one-time passwords are refused, since 100 in a row were wrong */
                                readonly isTotpLocked: boolean;
                                readonly name?: string;
                                /**
                                 * @description Ids of the providers that the user can sign in at
                                 * @example [
                                 *       "google"
                                 *     ]
                                 */
                                readonly providers: readonly string[];
                                /** @enum {unknown} */
                                readonly role: "user" | "admin";
                                /**
                                 * @description What the user can prove a second factor with
                                 * @example [
                                 *       "totp",
                                 *       "recovery-code"
                                 *     ]
                                 */
                                readonly secondFactors: readonly string[];
                                /** @enum {unknown} */
                                readonly status: "active" | "disabled";
                            };
                        };
                    };
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/admin/users/{id}/factors-removal/confirm": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Confirm that all second factors of a user are removed
         * @description By another administrator than the one who began it, or by the same after 24 hours. Authenticator app, passkeys, recovery codes and trusted devices are gone then, every session ends, and the user is told by mail. For an administrator’s account it is done after the 24 hours. It signs no one in. Needs a sign-in of the last 15 minutes, with a second factor where the administrator has one.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly user: {
                                /** Format: date-time */
                                readonly createdAt: string;
                                /** @description Missing where the address was freed from the account */
                                readonly email?: string;
                                /** @description Whether a mail or an identity provider has proved that the address is this user’s */
                                readonly emailVerified: boolean;
                                /** @description A removal of all second factors that is under way */
                                readonly factorsRemoval: {
                                    /** Format: date-time */
                                    readonly beganAt: string;
                                    /** @description Id of the administrator who began it */
                                    readonly by: string;
                                    /** @description Id of another administrator who confirmed it for an administrator’s account */
                                    readonly confirmedBy: string | null;
                                    /**
                                     * Format: date-time
                                     * @description From then on the next sign-in of the user does it without another administrator
                                     */
                                    readonly effectiveAt: string;
                                    /** @description Whether the user got a mail with a link that takes it back. False where the service sends no mail or the account has no address: then administrators alone can stop it */
                                    readonly isOwnerTold: boolean;
                                } | null;
                                readonly hasPassword: boolean;
                                readonly id: string;
                                /** @description Suspended ones too */
                                readonly identities: readonly {
                                    readonly email: string | null;
                                    readonly id: string;
                                    readonly issuer: string;
                                    /** Format: date-time */
                                    readonly linkedAt: string;
                                    /** @example google */
                                    readonly provider: string;
                                    /**
                                     * @description A suspended identity does not sign in until its owner or an administrator enables it
                                     * @enum {unknown}
                                     */
                                    readonly status: "active" | "suspended";
                                    readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                                }[];
                                /** @description Whether the rules of administrators’ accounts hold for it: it is one, or was one in the last seven days */
                                readonly isAdminAccount: boolean;
                                /** @description Whether one-time passwords are refused, since 100 in a row were wrong */
                                readonly isTotpLocked: boolean;
                                readonly name?: string;
                                /**
                                 * @description Ids of the providers that the user can sign in at
                                 * @example [
                                 *       "google"
                                 *     ]
                                 */
                                readonly providers: readonly string[];
                                /** @enum {unknown} */
                                readonly role: "user" | "admin";
                                /**
                                 * @description What the user can prove a second factor with
                                 * @example [
                                 *       "totp",
                                 *       "recovery-code"
                                 *     ]
                                 */
                                readonly secondFactors: readonly string[];
                                /** @enum {unknown} */
                                readonly status: "active" | "disabled";
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/admin/users/{id}/factors/unlock": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Let a user try one-time passwords again
         * @description After 100 wrong ones in a row none is compared. Needs a sign-in of the last 15 minutes, with a second factor where the administrator has one.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly user: {
                                /** Format: date-time */
                                readonly createdAt: string;
                                /** @description Missing where the address was freed from the account */
                                readonly email?: string;
                                /** @description Whether a mail or an identity provider has proved that the address is this user’s */
                                readonly emailVerified: boolean;
                                /** @description A removal of all second factors that is under way */
                                readonly factorsRemoval: {
                                    /** Format: date-time */
                                    readonly beganAt: string;
                                    /** @description Id of the administrator who began it */
                                    readonly by: string;
                                    /** @description Id of another administrator who confirmed it for an administrator’s account */
                                    readonly confirmedBy: string | null;
                                    /**
                                     * Format: date-time
                                     * @description From then on the next sign-in of the user does it without another administrator
                                     */
                                    readonly effectiveAt: string;
                                    /** @description Whether the user got a mail with a link that takes it back. False where the service sends no mail or the account has no address: then administrators alone can stop it */
                                    readonly isOwnerTold: boolean;
                                } | null;
                                readonly hasPassword: boolean;
                                readonly id: string;
                                /** @description Suspended ones too */
                                readonly identities: readonly {
                                    readonly email: string | null;
                                    readonly id: string;
                                    readonly issuer: string;
                                    /** Format: date-time */
                                    readonly linkedAt: string;
                                    /** @example google */
                                    readonly provider: string;
                                    /**
                                     * @description A suspended identity does not sign in until its owner or an administrator enables it
                                     * @enum {unknown}
                                     */
                                    readonly status: "active" | "suspended";
                                    readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                                }[];
                                /** @description Whether the rules of administrators’ accounts hold for it: it is one, or was one in the last seven days */
                                readonly isAdminAccount: boolean;
                                /** @description Whether one-time passwords are refused, since 100 in a row were wrong */
                                readonly isTotpLocked: boolean;
                                readonly name?: string;
                                /**
                                 * @description Ids of the providers that the user can sign in at
                                 * @example [
                                 *       "google"
                                 *     ]
                                 */
                                readonly providers: readonly string[];
                                /** @enum {unknown} */
                                readonly role: "user" | "admin";
                                /**
                                 * @description What the user can prove a second factor with
                                 * @example [
                                 *       "totp",
                                 *       "recovery-code"
                                 *     ]
                                 */
                                readonly secondFactors: readonly string[];
                                /** @enum {unknown} */
                                readonly status: "active" | "disabled";
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/admin/users/{id}/identities/{identityId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        /**
         * Enable an identity of a user that is suspended
         * @description Needs a sign-in of the last 15 minutes. API keys are enabled by `PATCH /api/apikeys/:id`.
         */
        readonly patch: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                    readonly identityId: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "active";
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly user: {
                                /** Format: date-time */
                                readonly createdAt: string;
                                /** @description Missing where the address was freed from the account */
                                readonly email?: string;
                                /** @description Whether a mail or an identity provider has proved that the address is this user’s */
                                readonly emailVerified: boolean;
                                /** @description A removal of all second factors that is under way */
                                readonly factorsRemoval: {
                                    /** Format: date-time */
                                    readonly beganAt: string;
                                    /** @description Id of the administrator who began it */
                                    readonly by: string;
                                    /** @description Id of another administrator who confirmed it for an administrator’s account */
                                    readonly confirmedBy: string | null;
                                    /**
                                     * Format: date-time
                                     * @description From then on the next sign-in of the user does it without another administrator
                                     */
                                    readonly effectiveAt: string;
                                    /** @description Whether the user got a mail with a link that takes it back. False where the service sends no mail or the account has no address: then administrators alone can stop it */
                                    readonly isOwnerTold: boolean;
                                } | null;
                                readonly hasPassword: boolean;
                                readonly id: string;
                                /** @description Suspended ones too */
                                readonly identities: readonly {
                                    readonly email: string | null;
                                    readonly id: string;
                                    readonly issuer: string;
                                    /** Format: date-time */
                                    readonly linkedAt: string;
                                    /** @example google */
                                    readonly provider: string;
                                    /**
                                     * @description A suspended identity does not sign in until its owner or an administrator enables it
                                     * @enum {unknown}
                                     */
                                    readonly status: "active" | "suspended";
                                    readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                                }[];
                                /** @description Whether the rules of administrators’ accounts hold for it: it is one, or was one in the last seven days */
                                readonly isAdminAccount: boolean;
                                /** @description Whether one-time passwords are refused, since 100 in a row were wrong */
                                readonly isTotpLocked: boolean;
                                readonly name?: string;
                                /**
                                 * @description Ids of the providers that the user can sign in at
                                 * @example [
                                 *       "google"
                                 *     ]
                                 */
                                readonly providers: readonly string[];
                                /** @enum {unknown} */
                                readonly role: "user" | "admin";
                                /**
                                 * @description What the user can prove a second factor with
                                 * @example [
                                 *       "totp",
                                 *       "recovery-code"
                                 *     ]
                                 */
                                readonly secondFactors: readonly string[];
                                /** @enum {unknown} */
                                readonly status: "active" | "disabled";
                            };
                        };
                    };
                };
            };
        };
        readonly trace?: never;
    };
    readonly "/api/admin/users/{id}/keys": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List the API keys of a user */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly keys: readonly {
                                readonly allowedCidrs: readonly string[] | null;
                                /** Format: date-time */
                                readonly createdAt: string;
                                /** @description What happened to the key, oldest first */
                                readonly events: readonly {
                                    /** Format: date-time */
                                    readonly at: string;
                                    /**
                                     * @description Who did it, where it was not the owner; `holder` is the key itself
                                     * @enum {unknown}
                                     */
                                    readonly by?: "administrator" | "holder" | "service";
                                    readonly detail?: string;
                                    /** @enum {unknown} */
                                    readonly what: "created" | "updated" | "rotated" | "revoked" | "leaked" | "suspended" | "lifted";
                                }[];
                                readonly expiresAt: string | null;
                                readonly id: string;
                                readonly lastUsedAt: string | null;
                                readonly monthlyQuota: number | null;
                                readonly name: string;
                                readonly oldSecretUntil: string | null;
                                readonly ownerId: string;
                                /**
                                 * @description The first letters of the key
                                 * @example lk_live_3fX9aB
                                 */
                                readonly prefix: string;
                                readonly rateLimit: {
                                    readonly limit: number;
                                    readonly windowSeconds: number;
                                } | null;
                                readonly scopes: readonly string[];
                                readonly secretUntil: string | null;
                                /** @enum {unknown} */
                                readonly status: "active" | "disabled" | "suspended";
                                readonly suspendedBy: ("administrator" | "service") | null;
                                readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/admin/users/{id}/password-reset": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Send a user a link to choose a new password
         * @description The mail has a link, good for 30 minutes, which only its reader sees. Nothing changes until it is used. Needs a sign-in of the last 15 minutes. An administrator’s account is refused.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded, and there is nothing to say */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/admin/users/{id}/release-address": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Take the address from a user, so that another account can have it
         * @description Ends all of the user’s sessions. The account stays, and its owner may come back with the former address and password for 30 days. The address is told by mail. Needs a sign-in of the last 15 minutes. An administrator’s account is refused.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly user: {
                                /** Format: date-time */
                                readonly createdAt: string;
                                /** @description Missing where the address was freed from the account */
                                readonly email?: string;
                                /** @description Whether a mail or an identity provider has proved that the address is this user’s */
                                readonly emailVerified: boolean;
                                /** @description A removal of all second factors that is under way */
                                readonly factorsRemoval: {
                                    /** Format: date-time */
                                    readonly beganAt: string;
                                    /** @description Id of the administrator who began it */
                                    readonly by: string;
                                    /** @description Id of another administrator who confirmed it for an administrator’s account */
                                    readonly confirmedBy: string | null;
                                    /**
                                     * Format: date-time
                                     * @description From then on the next sign-in of the user does it without another administrator
                                     */
                                    readonly effectiveAt: string;
                                    /** @description Whether the user got a mail with a link that takes it back. False where the service sends no mail or the account has no address: then administrators alone can stop it */
                                    readonly isOwnerTold: boolean;
                                } | null;
                                readonly hasPassword: boolean;
                                readonly id: string;
                                /** @description Suspended ones too */
                                readonly identities: readonly {
                                    readonly email: string | null;
                                    readonly id: string;
                                    readonly issuer: string;
                                    /** Format: date-time */
                                    readonly linkedAt: string;
                                    /** @example google */
                                    readonly provider: string;
                                    /**
                                     * @description A suspended identity does not sign in until its owner or an administrator enables it
                                     * @enum {unknown}
                                     */
                                    readonly status: "active" | "suspended";
                                    readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                                }[];
                                /** @description Whether the rules of administrators’ accounts hold for it: it is one, or was one in the last seven days */
                                readonly isAdminAccount: boolean;
                                /** @description Whether one-time passwords are refused, since 100 in a row were wrong */
                                readonly isTotpLocked: boolean;
                                readonly name?: string;
                                /**
                                 * @description Ids of the providers that the user can sign in at
                                 * @example [
                                 *       "google"
                                 *     ]
                                 */
                                readonly providers: readonly string[];
                                /** @enum {unknown} */
                                readonly role: "user" | "admin";
                                /**
                                 * @description What the user can prove a second factor with
                                 * @example [
                                 *       "totp",
                                 *       "recovery-code"
                                 *     ]
                                 */
                                readonly secondFactors: readonly string[];
                                /** @enum {unknown} */
                                readonly status: "active" | "disabled";
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/admin/users/{id}/sessions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List the sessions of a user
         * @description Those that live, the most recently used first.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description By the audit trail; null where its newest 500 events of the user have no sign-in */
                            readonly lastSignInAt: string | null;
                            readonly sessions: readonly {
                                /** @description The app that has the session; null for a session at Latchkey itself */
                                readonly app: {
                                    readonly clientId: string;
                                    readonly name: string;
                                } | null;
                                /** Format: date-time */
                                readonly createdAt: string;
                                readonly current: boolean;
                                /**
                                 * Format: date-time
                                 * @description To the day, in UTC
                                 */
                                readonly expiresAt: string;
                                readonly id: string;
                                readonly ip: string;
                                /**
                                 * Format: date-time
                                 * @description To the day, in UTC
                                 */
                                readonly lastUsedAt: string;
                                readonly replay: {
                                    /**
                                     * Format: date-time
                                     * @description To the day, in UTC
                                     */
                                    readonly at: string;
                                    readonly ip: string;
                                    readonly userAgent: string | null;
                                } | null;
                                readonly userAgent: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        /** End all sessions of a user */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded, and there is nothing to say */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/admin/users/{id}/verify-address": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Confirm that an address is a user’s own
         * @description For an administrator who knows it by other means. The user is told by mail. Needs a sign-in of the last 15 minutes. An administrator’s account is refused.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly user: {
                                /** Format: date-time */
                                readonly createdAt: string;
                                /** @description Missing where the address was freed from the account */
                                readonly email?: string;
                                /** @description Whether a mail or an identity provider has proved that the address is this user’s */
                                readonly emailVerified: boolean;
                                /** @description A removal of all second factors that is under way */
                                readonly factorsRemoval: {
                                    /** Format: date-time */
                                    readonly beganAt: string;
                                    /** @description Id of the administrator who began it */
                                    readonly by: string;
                                    /** @description Id of another administrator who confirmed it for an administrator’s account */
                                    readonly confirmedBy: string | null;
                                    /**
                                     * Format: date-time
                                     * @description From then on the next sign-in of the user does it without another administrator
                                     */
                                    readonly effectiveAt: string;
                                    /** @description Whether the user got a mail with a link that takes it back. False where the service sends no mail or the account has no address: then administrators alone can stop it */
                                    readonly isOwnerTold: boolean;
                                } | null;
                                readonly hasPassword: boolean;
                                readonly id: string;
                                /** @description Suspended ones too */
                                readonly identities: readonly {
                                    readonly email: string | null;
                                    readonly id: string;
                                    readonly issuer: string;
                                    /** Format: date-time */
                                    readonly linkedAt: string;
                                    /** @example google */
                                    readonly provider: string;
                                    /**
                                     * @description A suspended identity does not sign in until its owner or an administrator enables it
                                     * @enum {unknown}
                                     */
                                    readonly status: "active" | "suspended";
                                    readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                                }[];
                                /** @description Whether the rules of administrators’ accounts hold for it: it is one, or was one in the last seven days */
                                readonly isAdminAccount: boolean;
                                /** @description Whether one-time passwords are refused, since 100 in a row were wrong */
                                readonly isTotpLocked: boolean;
                                readonly name?: string;
                                /**
                                 * @description Ids of the providers that the user can sign in at
                                 * @example [
                                 *       "google"
                                 *     ]
                                 */
                                readonly providers: readonly string[];
                                /** @enum {unknown} */
                                readonly role: "user" | "admin";
                                /**
                                 * @description What the user can prove a second factor with
                                 * @example [
                                 *       "totp",
                                 *       "recovery-code"
                                 *     ]
                                 */
                                readonly secondFactors: readonly string[];
                                /** @enum {unknown} */
                                readonly status: "active" | "disabled";
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/admin/users/find": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Find a user by e-mail address
         * @description By POST, since addresses have no place in URLs.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @example ada@example.com */
                        readonly email: string;
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly user: {
                                /** Format: date-time */
                                readonly createdAt: string;
                                /** @description Missing where the address was freed from the account */
                                readonly email?: string;
                                /** @description Whether a mail or an identity provider has proved that the address is this user’s */
                                readonly emailVerified: boolean;
                                /** @description A removal of all second factors that is under way */
                                readonly factorsRemoval: {
                                    /** Format: date-time */
                                    readonly beganAt: string;
                                    /** @description Id of the administrator who began it */
                                    readonly by: string;
                                    /** @description Id of another administrator who confirmed it for an administrator’s account */
                                    readonly confirmedBy: string | null;
                                    /**
                                     * Format: date-time
                                     * @description From then on the next sign-in of the user does it without another administrator
                                     */
                                    readonly effectiveAt: string;
                                    /** @description Whether the user got a mail with a link that takes it back. False where the service sends no mail or the account has no address: then administrators alone can stop it */
                                    readonly isOwnerTold: boolean;
                                } | null;
                                readonly hasPassword: boolean;
                                readonly id: string;
                                /** @description Suspended ones too */
                                readonly identities: readonly {
                                    readonly email: string | null;
                                    readonly id: string;
                                    readonly issuer: string;
                                    /** Format: date-time */
                                    readonly linkedAt: string;
                                    /** @example google */
                                    readonly provider: string;
                                    /**
                                     * @description A suspended identity does not sign in until its owner or an administrator enables it
                                     * @enum {unknown}
                                     */
                                    readonly status: "active" | "suspended";
                                    readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                                }[];
                                /** @description Whether the rules of administrators’ accounts hold for it: it is one, or was one in the last seven days */
                                readonly isAdminAccount: boolean;
                                /** @description Whether one-time passwords are refused, since 100 in a row were wrong */
                                readonly isTotpLocked: boolean;
                                readonly name?: string;
                                /**
                                 * @description Ids of the providers that the user can sign in at
                                 * @example [
                                 *       "google"
                                 *     ]
                                 */
                                readonly providers: readonly string[];
                                /** @enum {unknown} */
                                readonly role: "user" | "admin";
                                /**
                                 * @description What the user can prove a second factor with
                                 * @example [
                                 *       "totp",
                                 *       "recovery-code"
                                 *     ]
                                 */
                                readonly secondFactors: readonly string[];
                                /** @enum {unknown} */
                                readonly status: "active" | "disabled";
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/admin/users/invite": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Invite a person by mail
         * @description Requires a sign-in within the last 15 minutes. The person gets a mail with a link, good for 24 hours; the invitation is open for seven days, and any proof of the address admits them until then. The account has the role of the invitation. An invitation of the same address that is open ends with it. An administrator sends at most 100 an hour.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * Format: email
                         * @example ada@example.com
                         */
                        readonly email: string;
                        /**
                         * @description Of the account; `user` by default
                         * @enum {unknown}
                         */
                        readonly role?: "user" | "admin";
                    };
                };
            };
            readonly responses: {
                /** @description It was created */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly invitation: {
                                /** Format: date-time */
                                readonly createdAt: string;
                                readonly email: string;
                                /**
                                 * Format: date-time
                                 * @description When the invitation ends; the link of its mail is good for 24 hours
                                 */
                                readonly expiresAt: string;
                                /** @description Id of the administrator who sent the last mail; `command-line` for the command line */
                                readonly invitedBy: string;
                                /** @enum {unknown} */
                                readonly role: "user" | "admin";
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/admin/users/search": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Search users by the beginning of their e-mail address, or by id
         * @description In the order of their addresses, 20 a page; a user whose id it is comes first. By POST, since addresses have no place in URLs.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description The `cursor` of the page before */
                        readonly cursor?: string;
                        /**
                         * @description The beginning of an address, or a whole id
                         * @example ada@
                         */
                        readonly query: string;
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description Leads on to the next page; null where there is none */
                            readonly cursor: string | null;
                            readonly users: readonly {
                                /** Format: date-time */
                                readonly createdAt: string;
                                /** @description Missing where the address was freed from the account */
                                readonly email?: string;
                                /** @description Whether a mail or an identity provider has proved that the address is this user’s */
                                readonly emailVerified: boolean;
                                readonly id: string;
                                readonly name?: string;
                                /** @enum {unknown} */
                                readonly role: "user" | "admin";
                                /** @enum {unknown} */
                                readonly status: "active" | "disabled";
                            }[];
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/apikeys": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List my keys */
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    /** @description Another user’s keys; for administrators */
                    readonly ownerId?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly keys: readonly {
                                readonly allowedCidrs: readonly string[] | null;
                                /** Format: date-time */
                                readonly createdAt: string;
                                /** @description What happened to the key, oldest first */
                                readonly events: readonly {
                                    /** Format: date-time */
                                    readonly at: string;
                                    /**
                                     * @description Who did it, where it was not the owner; `holder` is the key itself
                                     * @enum {unknown}
                                     */
                                    readonly by?: "administrator" | "holder" | "service";
                                    readonly detail?: string;
                                    /** @enum {unknown} */
                                    readonly what: "created" | "updated" | "rotated" | "revoked" | "leaked" | "suspended" | "lifted";
                                }[];
                                readonly expiresAt: string | null;
                                readonly id: string;
                                readonly lastUsedAt: string | null;
                                readonly monthlyQuota: number | null;
                                readonly name: string;
                                readonly oldSecretUntil: string | null;
                                readonly ownerId: string;
                                /**
                                 * @description The first letters of the key
                                 * @example lk_live_3fX9aB
                                 */
                                readonly prefix: string;
                                readonly rateLimit: {
                                    readonly limit: number;
                                    readonly windowSeconds: number;
                                } | null;
                                readonly scopes: readonly string[];
                                readonly secretUntil: string | null;
                                /** @enum {unknown} */
                                readonly status: "active" | "disabled" | "suspended";
                                readonly suspendedBy: ("administrator" | "service") | null;
                                readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/apikeys/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Show a key */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly key: {
                                readonly allowedCidrs: readonly string[] | null;
                                /** Format: date-time */
                                readonly createdAt: string;
                                /** @description What happened to the key, oldest first */
                                readonly events: readonly {
                                    /** Format: date-time */
                                    readonly at: string;
                                    /**
                                     * @description Who did it, where it was not the owner; `holder` is the key itself
                                     * @enum {unknown}
                                     */
                                    readonly by?: "administrator" | "holder" | "service";
                                    readonly detail?: string;
                                    /** @enum {unknown} */
                                    readonly what: "created" | "updated" | "rotated" | "revoked" | "leaked" | "suspended" | "lifted";
                                }[];
                                readonly expiresAt: string | null;
                                readonly id: string;
                                readonly lastUsedAt: string | null;
                                readonly monthlyQuota: number | null;
                                readonly name: string;
                                readonly oldSecretUntil: string | null;
                                readonly ownerId: string;
                                /**
                                 * @description The first letters of the key
                                 * @example lk_live_3fX9aB
                                 */
                                readonly prefix: string;
                                readonly rateLimit: {
                                    readonly limit: number;
                                    readonly windowSeconds: number;
                                } | null;
                                readonly scopes: readonly string[];
                                readonly secretUntil: string | null;
                                /** @enum {unknown} */
                                readonly status: "active" | "disabled" | "suspended";
                                readonly suspendedBy: ("administrator" | "service") | null;
                                readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                            };
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        /** Delete a key */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded, and there is nothing to say */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        /**
         * Rename, rescope, limit, disable or enable a key
         * @description What is left out stays; null takes a setting away.
         */
        readonly patch: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        readonly allowedCidrs?: readonly string[] | null;
                        readonly expiresAt?: string | null;
                        readonly monthlyQuota?: number | null;
                        /** @example billing export */
                        readonly name?: string;
                        readonly rateLimit?: {
                            readonly limit: number;
                            readonly windowSeconds: number;
                        } | null;
                        readonly scopes?: readonly string[];
                        /** @enum {unknown} */
                        readonly status?: "active" | "disabled";
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly key: {
                                readonly allowedCidrs: readonly string[] | null;
                                /** Format: date-time */
                                readonly createdAt: string;
                                /** @description What happened to the key, oldest first */
                                readonly events: readonly {
                                    /** Format: date-time */
                                    readonly at: string;
                                    /**
                                     * @description Who did it, where it was not the owner; `holder` is the key itself
                                     * @enum {unknown}
                                     */
                                    readonly by?: "administrator" | "holder" | "service";
                                    readonly detail?: string;
                                    /** @enum {unknown} */
                                    readonly what: "created" | "updated" | "rotated" | "revoked" | "leaked" | "suspended" | "lifted";
                                }[];
                                readonly expiresAt: string | null;
                                readonly id: string;
                                readonly lastUsedAt: string | null;
                                readonly monthlyQuota: number | null;
                                readonly name: string;
                                readonly oldSecretUntil: string | null;
                                readonly ownerId: string;
                                /**
                                 * @description The first letters of the key
                                 * @example lk_live_3fX9aB
                                 */
                                readonly prefix: string;
                                readonly rateLimit: {
                                    readonly limit: number;
                                    readonly windowSeconds: number;
                                } | null;
                                readonly scopes: readonly string[];
                                readonly secretUntil: string | null;
                                /** @enum {unknown} */
                                readonly status: "active" | "disabled" | "suspended";
                                readonly suspendedBy: ("administrator" | "service") | null;
                                readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                            };
                        };
                    };
                };
            };
        };
        readonly trace?: never;
    };
    readonly "/api/apikeys/{id}/rotate": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Give a key a new secret
         * @description The old secret works for the overlap, so that nothing stops. By a session that began within 15 minutes, or by the key itself in `x-api-key`.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: {
                readonly content: {
                    readonly "application/json": {
                        /** @description How long the old secret goes on working; a day unless said otherwise */
                        readonly overlapSeconds?: number;
                    } | null;
                };
            };
            readonly responses: {
                /** @description It was created */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description The only time it is shown */
                            readonly apiKey: string;
                            readonly key: {
                                readonly allowedCidrs: readonly string[] | null;
                                /** Format: date-time */
                                readonly createdAt: string;
                                /** @description What happened to the key, oldest first */
                                readonly events: readonly {
                                    /** Format: date-time */
                                    readonly at: string;
                                    /**
                                     * @description Who did it, where it was not the owner; `holder` is the key itself
                                     * @enum {unknown}
                                     */
                                    readonly by?: "administrator" | "holder" | "service";
                                    readonly detail?: string;
                                    /** @enum {unknown} */
                                    readonly what: "created" | "updated" | "rotated" | "revoked" | "leaked" | "suspended" | "lifted";
                                }[];
                                readonly expiresAt: string | null;
                                readonly id: string;
                                readonly lastUsedAt: string | null;
                                readonly monthlyQuota: number | null;
                                readonly name: string;
                                readonly oldSecretUntil: string | null;
                                readonly ownerId: string;
                                /**
                                 * @description The first letters of the key
                                 * @example lk_live_3fX9aB
                                 */
                                readonly prefix: string;
                                readonly rateLimit: {
                                    readonly limit: number;
                                    readonly windowSeconds: number;
                                } | null;
                                readonly scopes: readonly string[];
                                readonly secretUntil: string | null;
                                /** @enum {unknown} */
                                readonly status: "active" | "disabled" | "suspended";
                                readonly suspendedBy: ("administrator" | "service") | null;
                                readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                            };
                            /** @enum {string} */
                            readonly message: "Save this key securely";
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/apikeys/{id}/usage": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Calls of a key by day and outcome */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description The last 30 days (UTC), the oldest first */
                            readonly days: readonly {
                                readonly allowed: number;
                                /** Format: date */
                                readonly day: string;
                                /** @description Refused for a missing scope */
                                readonly forbidden: number;
                                /** @description Refused by rate limit or quota */
                                readonly limited: number;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/apikeys/generate": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Make a key
         * @description The key is shown once.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @example [
                         *       "192.0.2.0/24"
                         *     ]
                         */
                        readonly allowedCidrs?: readonly string[];
                        /**
                         * Format: date-time
                         * @description In the future, and before the year 9999
                         * @example 2031-01-01T00:00:00Z
                         */
                        readonly expiresAt?: string;
                        readonly monthlyQuota?: number;
                        /** @example billing export */
                        readonly name: string;
                        readonly rateLimit?: {
                            readonly limit: number;
                            readonly windowSeconds: number;
                        };
                        readonly scopes?: readonly string[];
                    };
                };
            };
            readonly responses: {
                /** @description It was created */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description The only time it is shown */
                            readonly apiKey: string;
                            readonly key: {
                                readonly allowedCidrs: readonly string[] | null;
                                /** Format: date-time */
                                readonly createdAt: string;
                                /** @description What happened to the key, oldest first */
                                readonly events: readonly {
                                    /** Format: date-time */
                                    readonly at: string;
                                    /**
                                     * @description Who did it, where it was not the owner; `holder` is the key itself
                                     * @enum {unknown}
                                     */
                                    readonly by?: "administrator" | "holder" | "service";
                                    readonly detail?: string;
                                    /** @enum {unknown} */
                                    readonly what: "created" | "updated" | "rotated" | "revoked" | "leaked" | "suspended" | "lifted";
                                }[];
                                readonly expiresAt: string | null;
                                readonly id: string;
                                readonly lastUsedAt: string | null;
                                readonly monthlyQuota: number | null;
                                readonly name: string;
                                readonly oldSecretUntil: string | null;
                                readonly ownerId: string;
                                /**
                                 * @description The first letters of the key
                                 * @example lk_live_3fX9aB
                                 */
                                readonly prefix: string;
                                readonly rateLimit: {
                                    readonly limit: number;
                                    readonly windowSeconds: number;
                                } | null;
                                readonly scopes: readonly string[];
                                readonly secretUntil: string | null;
                                /** @enum {unknown} */
                                readonly status: "active" | "disabled" | "suspended";
                                readonly suspendedBy: ("administrator" | "service") | null;
                                readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                            };
                            /** @enum {string} */
                            readonly message: "Save this key securely";
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/consents": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List what I have allowed apps */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly consents: readonly {
                                /** Format: date-time */
                                readonly at: string;
                                /** @example app_4Vt1yHqgJ0mJ0JvVw5R1xg */
                                readonly clientId: string;
                                /**
                                 * @description What the app is called
                                 * @example Orders
                                 */
                                readonly name: string;
                                /** @description The host that the app is on; null for one that asks each time, of which only its sessions are kept */
                                readonly redirectHost: string | null;
                                /** @description Identifiers of the APIs that the scopes are of */
                                readonly resources: readonly string[];
                                readonly scopes: readonly string[];
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/consents/{clientId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Take back what I have allowed an app
         * @description Its sessions end, and it asks again before it gets anything.
         */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly clientId: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded, and there is nothing to say */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/devices": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List the devices that I trust
         * @description Browsers in which a sign-in needs no second factor for a while.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly devices: readonly {
                                /** Format: date-time */
                                readonly addedAt: string;
                                readonly current: boolean;
                                /** Format: date-time */
                                readonly expiresAt: string;
                                readonly id: string;
                                readonly ip: string;
                                readonly userAgent: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/devices/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * End the trust in one of my devices
         * @description The next sign-in there needs a second factor. Its sessions go on.
         */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded, and there is nothing to say */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/email": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Ask for a mail that changes my address
         * @description Sends a code, good for ten minutes, to the new address. Where another account has it, the owner gets a notice instead, and the answer is the same in the same time. The sign-in must not be older than 15 minutes. An address gets at most three mails an hour, and three more where they are asked for in a browser that the account knows; then no mail is sent, and those before stay good. An account may change its address ten times in seven days.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * Format: email
                         * @example ada@example.com
                         */
                        readonly newEmail: string;
                    };
                };
            };
            readonly responses: {
                /** @description Problem details (RFC 9457) */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description Works with the code of the mail. The answer is the same where none is sent */
                            readonly flow: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/email/confirm": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Change my address with the code of a mail
         * @description In the session that has asked for it. The new address is proved, and every other session ends. The old address gets a mail whose link undoes the change for seven days; as long, no other account gets that address.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description The code of the mail
                         * @example 04711042
                         */
                        readonly code: string;
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly user: {
                                /** @description Missing where the address was freed from the account */
                                readonly email?: string;
                                /** @description Whether a mail or an identity provider has proved that the address is this user’s */
                                readonly emailVerified: boolean;
                                readonly id: string;
                                readonly name?: string;
                                /** @enum {unknown} */
                                readonly role: "user" | "admin";
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/email/undo": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Undo a change of address with the link of a mail
         * @description With the password that the account had before the change, under the limits of sign-in; or in a session that began at a provider which was linked before the change. The mailbox alone does not prove the account. The old address is back, with the password of that time. Every session, refresh token and grant ends, and so do later changes of address. API keys and identities that were added since the change are suspended.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description That the account had before the change; left out in a session from a provider
                         * @example correct horse battery staple
                         */
                        readonly password?: string;
                        readonly ticket: string;
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly user: {
                                /** @description Missing where the address was freed from the account */
                                readonly email?: string;
                                /** @description Whether a mail or an identity provider has proved that the address is this user’s */
                                readonly emailVerified: boolean;
                                readonly id: string;
                                readonly name?: string;
                                /** @enum {unknown} */
                                readonly role: "user" | "admin";
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/email/verification": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Ask for a mail that proves my address
         * @description The mail has a link, good for 24 hours, and a code, good for ten minutes. An address gets at most three mails an hour, and three more where it is asked for in a browser that its account knows; then no mail is sent, and those before stay good.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description Problem details (RFC 9457) */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description Works with the code of the mail. The answer is the same where none is sent */
                            readonly flow: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/email/verification/confirm": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Prove an address with the link or the code of a mail
         * @description A code needs the `flow` that it was asked for with. A link needs that `flow`, or a session of the account, or else its password, under the limits of sign-in: the mailbox alone does not prove that the account is yours. After a registration with `EMAIL_VERIFICATION=required` this makes the account, and the answer has the tokens of its first session.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description The code of the mail
                         * @example 04711042
                         */
                        readonly code?: string;
                        /** @description The `flow` of the answer to the request for the mail */
                        readonly flow?: string;
                        /**
                         * @description Of the account: for a link that is opened elsewhere than where the mail was asked for
                         * @example correct horse battery staple
                         */
                        readonly password?: string;
                        /** @description Identifier of the API that the access token is for (RFC 8707); without it the token is Latchkey’s own */
                        readonly resource?: string;
                        /** @description What follows `#ticket=` in the link of the mail */
                        readonly ticket?: string;
                        /** @description Latchkey’s own tokens in HttpOnly cookies and not in the answer; a token for `resource` is in the answer in any case */
                        readonly useCookies?: boolean;
                    } | unknown | unknown;
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description JWT (RFC 9068) */
                            readonly accessToken?: string;
                            /**
                             * @description Seconds
                             * @example 900
                             */
                            readonly expiresIn?: number;
                            /** @description Opaque; single use, rotates */
                            readonly refreshToken?: string;
                            /** @enum {string} */
                            readonly tokenType?: "Bearer";
                            readonly user: {
                                /** @description Missing where the address was freed from the account */
                                readonly email?: string;
                                /** @description Whether a mail or an identity provider has proved that the address is this user’s */
                                readonly emailVerified: boolean;
                                readonly id: string;
                                readonly name?: string;
                                /** @enum {unknown} */
                                readonly role: "user" | "admin";
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/email/verification/disown": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Say that another person made the account with my address
         * @description With the link of the mail that proves the address, while it is unproved. The owner of the mailbox becomes the owner of the account: its password, sessions, API keys, identities and name are removed, and `POST /api/auth/password/forgot` sets a password. A registration that waits for its proof comes to nothing.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        readonly ticket: string;
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded, and there is nothing to say */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/factors": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List my second factors */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly passkeys: readonly {
                                /** Format: date-time */
                                readonly addedAt: string;
                                readonly id: string;
                                /** @description Whether it can be on more than one device */
                                readonly isSynced: boolean;
                                readonly lastUsedAt: string | null;
                                /** @example Ada’s phone */
                                readonly name: string;
                                /**
                                 * @description A passkey that a new password suspended does not sign in alone until it is used as a second factor
                                 * @enum {unknown}
                                 */
                                readonly status: "active" | "suspended";
                            }[];
                            readonly recoveryCodesLeft: number;
                            readonly totp: {
                                /** Format: date-time */
                                readonly addedAt: string;
                            } | null;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/factors/recovery-codes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Make new recovery codes
         * @description Ten, which are shown this once. The earlier ones no longer work. The sign-in must not be older than 15 minutes, and of an account that has a second factor, it must have proved one.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description Each works once in place of another second factor. They are shown this once */
                            readonly recoveryCodes: readonly string[];
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/factors/removal/cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Keep my second factors with the link of a mail
         * @description Takes back that an administrator began to remove them. It needs no session and no factor, and opens nothing. The link is good for as long as the removal is under way.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description What follows `#ticket=` in the link of the mail */
                        readonly ticket: string;
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded, and there is nothing to say */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/factors/totp": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Get a secret for an authenticator app
         * @description It can be confirmed for ten minutes, and counts only then. A new one takes its place. The sign-in must not be older than 15 minutes, and of an account that has a second factor, it must have proved one.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /**
                             * @description The QR code, an SVG image
                             * @example <svg …>…</svg>
                             */
                            readonly qr: string;
                            /**
                             * @description Base32, for people who type it
                             * @example JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP
                             */
                            readonly secret: string;
                            /**
                             * @description What the QR code has
                             * @example otpauth://totp/Acme:ada%40example.com?issuer=Acme&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30
                             */
                            readonly uri: string;
                        };
                    };
                };
            };
        };
        /**
         * Remove my authenticator app
         * @description With the last second factor the recovery codes go too. The sign-in must not be older than 15 minutes, and of an account that has a second factor, it must have proved one.
         */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded, and there is nothing to say */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/factors/totp/confirm": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Confirm the secret with a code of the app
         * @description From now on a sign-in asks for a second factor. The first one comes with ten recovery codes, which are shown this once. Other sessions go on; browsers that skip the second factor are asked for it again. The sign-in must not be older than 15 minutes, and of an account that has a second factor, it must have proved one.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description What the authenticator app shows for the new secret
                         * @example 492039
                         */
                        readonly code: string;
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description Each works once in place of another second factor. They are shown this once */
                            readonly recoveryCodes?: readonly string[];
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/identities": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List my identities at providers */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description Whether the user can sign in with a password too */
                            readonly hasPassword: boolean;
                            readonly identities: readonly {
                                readonly email: string | null;
                                readonly id: string;
                                readonly issuer: string;
                                /** Format: date-time */
                                readonly linkedAt: string;
                                /** @example google */
                                readonly provider: string;
                                /**
                                 * @description A suspended identity does not sign in until its owner or an administrator enables it
                                 * @enum {unknown}
                                 */
                                readonly status: "active" | "suspended";
                                readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/identities/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Unlink one of my identities
         * @description Not the last way to sign in. The sign-in must not be older than 15 minutes.
         */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded, and there is nothing to say */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        /**
         * Enable one of my identities that is suspended
         * @description The sign-in must not be older than 15 minutes.
         */
        readonly patch: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "active";
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly identity: {
                                readonly email: string | null;
                                readonly id: string;
                                readonly issuer: string;
                                /** Format: date-time */
                                readonly linkedAt: string;
                                /** @example google */
                                readonly provider: string;
                                /**
                                 * @description A suspended identity does not sign in until its owner or an administrator enables it
                                 * @enum {unknown}
                                 */
                                readonly status: "active" | "suspended";
                                readonly suspendedReason: ("password_changed" | "password_reset" | "address_undone" | "restored") | null;
                            };
                        };
                    };
                };
            };
        };
        readonly trace?: never;
    };
    readonly "/api/auth/invitation/accept": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Accept an invitation with the link of its mail
         * @description Makes the account, with a proved address and the role of the invitation, and opens its first session. `TICKET_INVALID` is the answer for an invitation that is withdrawn, accepted or expired as for an unknown one, and for a link that a newer mail has replaced. While the invitation is open, a sign-in by mail, a provider that proves the address, and a registration that a mail confirms make the account as well.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @example Ada */
                        readonly name?: string;
                        /**
                         * @description 12 to 128 characters by default; no composition rules; common passwords are refused
                         * @example correct horse battery staple
                         */
                        readonly password: string;
                        /** @description Identifier of the API that the access token is for (RFC 8707); without it the token is Latchkey’s own */
                        readonly resource?: string;
                        readonly ticket: string;
                        /** @description Latchkey’s own tokens in HttpOnly cookies and not in the answer; a token for `resource` is in the answer in any case */
                        readonly useCookies?: boolean;
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description JWT (RFC 9068) */
                            readonly accessToken?: string;
                            /**
                             * @description Seconds
                             * @example 900
                             */
                            readonly expiresIn: number;
                            /** @description Opaque; single use, rotates */
                            readonly refreshToken?: string;
                            /** @enum {string} */
                            readonly tokenType: "Bearer";
                            readonly user: {
                                /** @description Missing where the address was freed from the account */
                                readonly email?: string;
                                /** @description Whether a mail or an identity provider has proved that the address is this user’s */
                                readonly emailVerified: boolean;
                                readonly id: string;
                                readonly name?: string;
                                /** @enum {unknown} */
                                readonly role: "user" | "admin";
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/login": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Sign in */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @example ada@example.com */
                        readonly email: string;
                        /** @description `false` on a computer that others use: the session ends after 12 hours at most, and its cookies with the browser */
                        readonly keepSignedIn?: boolean;
                        /** @description After `PASSWORD_CHANGE_REQUIRED`: a password of your own, in place of the one that an administrator chose */
                        readonly newPassword?: string;
                        /** @example correct horse battery staple */
                        readonly password: string;
                        /** @description Identifier of the API that the access token is for (RFC 8707); without it the token is Latchkey’s own */
                        readonly resource?: string;
                        /** @description Latchkey’s own tokens in HttpOnly cookies and not in the answer; a token for `resource` is in the answer in any case */
                        readonly useCookies?: boolean;
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description JWT (RFC 9068) */
                            readonly accessToken?: string;
                            /**
                             * @description Seconds
                             * @example 900
                             */
                            readonly expiresIn: number;
                            /** @description Opaque; single use, rotates */
                            readonly refreshToken?: string;
                            /** @enum {string} */
                            readonly tokenType: "Bearer";
                            readonly user: {
                                readonly email: string;
                                readonly id: string;
                                readonly role: string;
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/login/email": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Ask for a mail to sign in with
         * @description The answer is the same in the same time, whether or not there is an account. The mail has a link, good for 30 minutes, and a code, good for ten; both work only with the `flow`. An address gets at most three mails an hour, and three more where it is asked for in a browser that its account knows; then no mail is sent, and those before stay good.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * Format: email
                         * @example ada@example.com
                         */
                        readonly email: string;
                        /** @description Keeps the `flow` in an HttpOnly cookie too, so that the link of the mail works in this browser */
                        readonly useCookies?: boolean;
                    };
                };
            };
            readonly responses: {
                /** @description Problem details (RFC 9457) */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description Works with the code of the mail. The answer is the same where none is sent */
                            readonly flow: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/login/email/confirm": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Sign in with the link or the code of a mail
         * @description Both work only with the `flow` of the request for the mail; for a link it may be in the cookie that `useCookies` set there. An account that has never proved its address may be a stranger’s: `ACCOUNT_UNPROVED` says so, unless its owner has signed in in this browser before, or the mail was sent after a right password. `startOver` then makes the account the mailbox owner’s, and removes all that is in it. Five codes are compared for each `flow`, ten wrong ones for each account in a day; links go on working.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description The code of the mail
                         * @example 04711042
                         */
                        readonly code?: string;
                        /** @description The `flow` of the answer to the request for the mail */
                        readonly flow?: string;
                        /** @description `false` on a computer that others use: the session ends after 12 hours at most, and its cookies with the browser */
                        readonly keepSignedIn?: boolean;
                        /** @description Identifier of the API that the access token is for (RFC 8707); without it the token is Latchkey’s own */
                        readonly resource?: string;
                        /** @description After `ACCOUNT_UNPROVED`: the account becomes yours, and all that is in it is removed */
                        readonly startOver?: boolean;
                        /** @description What follows `#ticket=` in the link of the mail */
                        readonly ticket?: string;
                        /** @description Latchkey’s own tokens in HttpOnly cookies and not in the answer; a token for `resource` is in the answer in any case */
                        readonly useCookies?: boolean;
                    } | unknown | unknown;
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description JWT (RFC 9068) */
                            readonly accessToken?: string;
                            /**
                             * @description Seconds
                             * @example 900
                             */
                            readonly expiresIn: number;
                            /** @description Opaque; single use, rotates */
                            readonly refreshToken?: string;
                            /** @enum {string} */
                            readonly tokenType: "Bearer";
                            readonly user: {
                                readonly email: string;
                                readonly id: string;
                                readonly role: string;
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/login/enrolment/passkeys": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Add a passkey, and sign in
         * @description Passkey and session are made together, or neither is. The answer is that of a sign-in, with the recovery codes, which are shown this once.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description The new credential, by `PublicKeyCredential.toJSON()` */
                        readonly attestation: {
                            readonly id: string;
                            readonly rawId: string;
                            readonly response: {
                                readonly attestationObject: string;
                                readonly clientDataJSON: string;
                                readonly transports?: readonly string[];
                            };
                            /** @enum {string} */
                            readonly type: "public-key";
                        };
                        /**
                         * @description For its owner to recognise; by default of the browser that made it
                         * @example Ada’s phone
                         */
                        readonly name?: string;
                        /** @description Identifier of the API that the access token is for (RFC 8707); without it the token is Latchkey’s own */
                        readonly resource?: string;
                        /** @description Of the answer that asked for this step */
                        readonly ticket: string;
                        /** @description Latchkey’s own tokens in HttpOnly cookies and not in the answer; a token for `resource` is in the answer in any case */
                        readonly useCookies?: boolean;
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description JWT (RFC 9068) */
                            readonly accessToken?: string;
                            /**
                             * @description Seconds
                             * @example 900
                             */
                            readonly expiresIn: number;
                            readonly passkey: {
                                /** Format: date-time */
                                readonly addedAt: string;
                                /** @description Of the credential, base64url */
                                readonly credentialId: string;
                                readonly id: string;
                                /** @description Whether it can be on more than one device */
                                readonly isSynced: boolean;
                                readonly lastUsedAt: string | null;
                                readonly name: string;
                                /**
                                 * @description A passkey that a new password suspended does not sign in alone until it is used as a second factor
                                 * @enum {unknown}
                                 */
                                readonly status: "active" | "suspended";
                                readonly transports: readonly string[];
                            };
                            /** @description Each works once in place of another second factor. They are shown this once */
                            readonly recoveryCodes: readonly string[];
                            /** @description Opaque; single use, rotates */
                            readonly refreshToken?: string;
                            /** @enum {string} */
                            readonly tokenType: "Bearer";
                            readonly user: {
                                readonly email?: string;
                                readonly id: string;
                                readonly role: string;
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/login/enrolment/passkeys/options": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Begin to make a passkey, to sign in at last
         * @description As `POST /api/auth/passkeys/options`, and good with this ticket alone.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description Of the answer that asked for this step */
                        readonly ticket: string;
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @enum {string} */
                            readonly attestation: "none";
                            readonly authenticatorSelection: {
                                /** @enum {boolean} */
                                readonly requireResidentKey: true;
                                /** @enum {string} */
                                readonly residentKey: "required";
                                /** @enum {string} */
                                readonly userVerification: "required";
                            };
                            readonly challenge: string;
                            readonly excludeCredentials: readonly {
                                readonly id: string;
                                readonly transports?: readonly string[];
                                /** @enum {string} */
                                readonly type: "public-key";
                            }[];
                            readonly pubKeyCredParams: readonly {
                                readonly alg: number;
                                /** @enum {string} */
                                readonly type: "public-key";
                            }[];
                            readonly rp: {
                                readonly id: string;
                                readonly name: string;
                            };
                            /** @description Milliseconds */
                            readonly timeout: number;
                            readonly user: {
                                readonly displayName: string;
                                readonly id: string;
                                readonly name: string;
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/login/enrolment/totp": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Get a secret for an authenticator app, to sign in at last
         * @description With the `ticket` of `SECOND_FACTOR_ENROLMENT_REQUIRED`, which is good for 15 minutes and for nothing else.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description Of the answer that asked for this step */
                        readonly ticket: string;
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /**
                             * @description The QR code, an SVG image
                             * @example <svg …>…</svg>
                             */
                            readonly qr: string;
                            /**
                             * @description Base32, for people who type it
                             * @example JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP
                             */
                            readonly secret: string;
                            /**
                             * @description What the QR code has
                             * @example otpauth://totp/Acme:ada%40example.com?issuer=Acme&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30
                             */
                            readonly uri: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/login/enrolment/totp/confirm": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Confirm the secret with a code of the app, and sign in
         * @description Factor and session are made together, or neither is. The answer is that of a sign-in, with the recovery codes, which are shown this once.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description What the authenticator app shows for the new secret
                         * @example 492039
                         */
                        readonly code: string;
                        /** @description Identifier of the API that the access token is for (RFC 8707); without it the token is Latchkey’s own */
                        readonly resource?: string;
                        /** @description Of the answer that asked for this step */
                        readonly ticket: string;
                        /** @description Latchkey’s own tokens in HttpOnly cookies and not in the answer; a token for `resource` is in the answer in any case */
                        readonly useCookies?: boolean;
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description JWT (RFC 9068) */
                            readonly accessToken?: string;
                            /**
                             * @description Seconds
                             * @example 900
                             */
                            readonly expiresIn: number;
                            /** @description Each works once in place of another second factor. They are shown this once */
                            readonly recoveryCodes: readonly string[];
                            /** @description Opaque; single use, rotates */
                            readonly refreshToken?: string;
                            /** @enum {string} */
                            readonly tokenType: "Bearer";
                            readonly user: {
                                readonly email?: string;
                                readonly id: string;
                                readonly role: string;
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/login/factor": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Prove a second factor
         * @description With the `ticket` of `SECOND_FACTOR_REQUIRED` this completes the sign-in; the ticket is good for five minutes, and after a wrong proof still. With that of `POST /api/auth/step-up`, and in the session that asked for it, it makes that session prove more: the answer has a new access token, as a cookie where the session came by cookie, and no refresh token. Of an account, 10 wrong proofs are compared in 15 minutes, and 30 in a day.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description Of a passkey, to the options of `POST /api/auth/login/passkey/options` */
                        readonly assertion?: {
                            readonly id: string;
                            readonly rawId: string;
                            readonly response: {
                                readonly authenticatorData: string;
                                readonly clientDataJSON: string;
                                readonly signature: string;
                                readonly userHandle?: string | null;
                            };
                            /** @enum {string} */
                            readonly type: "public-key";
                        };
                        /**
                         * @description With the ticket of a step-up, for an account without a second factor
                         * @example correct horse battery staple
                         */
                        readonly password?: string;
                        /** @example 7K3M-9QXZ-04TB-WE2R-HJ8N-5VCD */
                        readonly recoveryCode?: string;
                        /** @description Identifier of the API that the access token is for (RFC 8707); without it the token is Latchkey’s own */
                        readonly resource?: string;
                        /** @description Of the answer that asked for this step */
                        readonly ticket: string;
                        /**
                         * @description What the authenticator app shows
                         * @example 492039
                         */
                        readonly totp?: string;
                        /** @description With `useCookies`: this is the person’s own device. Sign-ins in this browser need no second factor for 30 days; for 12 hours, and for administrators never, where `SECOND_FACTOR` is not `optional` */
                        readonly trustDevice?: boolean;
                        /** @description Latchkey’s own tokens in HttpOnly cookies and not in the answer; a token for `resource` is in the answer in any case */
                        readonly useCookies?: boolean;
                    } & (unknown | unknown | unknown | unknown);
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description JWT (RFC 9068) */
                            readonly accessToken?: string;
                            /**
                             * @description Seconds
                             * @example 900
                             */
                            readonly expiresIn: number;
                            /** @description After a recovery code: how many are left */
                            readonly recoveryCodesLeft?: number;
                            /** @description Opaque; single use, rotates */
                            readonly refreshToken?: string;
                            /** @enum {string} */
                            readonly tokenType: "Bearer";
                            readonly user: {
                                readonly email?: string;
                                readonly id: string;
                                readonly role: string;
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/login/passkey": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Sign in by passkey
         * @description It counts for two factors, as the authenticator has verified its user.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description The answer of `navigator.credentials.get()`, by `toJSON()` */
                        readonly assertion: {
                            readonly id: string;
                            readonly rawId: string;
                            readonly response: {
                                readonly authenticatorData: string;
                                readonly clientDataJSON: string;
                                readonly signature: string;
                                readonly userHandle?: string | null;
                            };
                            /** @enum {string} */
                            readonly type: "public-key";
                        };
                        /** @description `false` on a computer that others use: the session ends after 12 hours at most, and its cookies with the browser */
                        readonly keepSignedIn?: boolean;
                        /** @description Identifier of the API that the access token is for (RFC 8707); without it the token is Latchkey’s own */
                        readonly resource?: string;
                        /** @description Latchkey’s own tokens in HttpOnly cookies and not in the answer; a token for `resource` is in the answer in any case */
                        readonly useCookies?: boolean;
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description JWT (RFC 9068) */
                            readonly accessToken?: string;
                            /**
                             * @description Seconds
                             * @example 900
                             */
                            readonly expiresIn: number;
                            /** @description Opaque; single use, rotates */
                            readonly refreshToken?: string;
                            /** @enum {string} */
                            readonly tokenType: "Bearer";
                            readonly user: {
                                readonly email?: string;
                                readonly id: string;
                                readonly role: string;
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/login/passkey/options": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Begin a sign-in by passkey, or prove one as a second factor
         * @description Hand the answer to `navigator.credentials.get()` by `PublicKeyCredential.parseRequestOptionsFromJSON()`. It is good once, for ten minutes, and names no account.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly challenge: string;
                            readonly rpId: string;
                            /** @description Milliseconds */
                            readonly timeout: number;
                            /** @enum {string} */
                            readonly userVerification: "required";
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/logout": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** End this session */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @enum {string} */
                            readonly message: "Logged out successfully";
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/passkeys": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List my passkeys */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly passkeys: readonly {
                                /** Format: date-time */
                                readonly addedAt: string;
                                /** @description Of the credential, base64url */
                                readonly credentialId: string;
                                readonly id: string;
                                /** @description Whether it can be on more than one device */
                                readonly isSynced: boolean;
                                readonly lastUsedAt: string | null;
                                readonly name: string;
                                /**
                                 * @description A passkey that a new password suspended does not sign in alone until it is used as a second factor
                                 * @enum {unknown}
                                 */
                                readonly status: "active" | "suspended";
                                readonly transports: readonly string[];
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        /**
         * Add a passkey
         * @description From then on each sign-in asks for a second factor, and a sign-in by this passkey alone is enough. With the first second factor of an account the answer has its recovery codes, which are shown once.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description The new credential, by `PublicKeyCredential.toJSON()` */
                        readonly attestation: {
                            readonly id: string;
                            readonly rawId: string;
                            readonly response: {
                                readonly attestationObject: string;
                                readonly clientDataJSON: string;
                                readonly transports?: readonly string[];
                            };
                            /** @enum {string} */
                            readonly type: "public-key";
                        };
                        /**
                         * @description For its owner to recognise; by default of the browser that made it
                         * @example Ada’s phone
                         */
                        readonly name?: string;
                    };
                };
            };
            readonly responses: {
                /** @description It was created */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly passkey: {
                                /** Format: date-time */
                                readonly addedAt: string;
                                /** @description Of the credential, base64url */
                                readonly credentialId: string;
                                readonly id: string;
                                /** @description Whether it can be on more than one device */
                                readonly isSynced: boolean;
                                readonly lastUsedAt: string | null;
                                readonly name: string;
                                /**
                                 * @description A passkey that a new password suspended does not sign in alone until it is used as a second factor
                                 * @enum {unknown}
                                 */
                                readonly status: "active" | "suspended";
                                readonly transports: readonly string[];
                            };
                            /** @description Each opens the account once; shown once */
                            readonly recoveryCodes?: readonly string[];
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/passkeys/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Remove one of my passkeys
         * @description The recovery codes go with the last second factor, which an account keeps where the service wants one.
         */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded, and there is nothing to say */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        /** Rename one of my passkeys */
        readonly patch: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @example Ada’s phone */
                        readonly name: string;
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly passkey: {
                                /** Format: date-time */
                                readonly addedAt: string;
                                /** @description Of the credential, base64url */
                                readonly credentialId: string;
                                readonly id: string;
                                /** @description Whether it can be on more than one device */
                                readonly isSynced: boolean;
                                readonly lastUsedAt: string | null;
                                readonly name: string;
                                /**
                                 * @description A passkey that a new password suspended does not sign in alone until it is used as a second factor
                                 * @enum {unknown}
                                 */
                                readonly status: "active" | "suspended";
                                readonly transports: readonly string[];
                            };
                        };
                    };
                };
            };
        };
        readonly trace?: never;
    };
    readonly "/api/auth/passkeys/options": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Begin to make a passkey
         * @description Hand the answer to `navigator.credentials.create()` by `PublicKeyCredential.parseCreationOptionsFromJSON()`. It is good once, for ten minutes, in this session.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @enum {string} */
                            readonly attestation: "none";
                            readonly authenticatorSelection: {
                                /** @enum {boolean} */
                                readonly requireResidentKey: true;
                                /** @enum {string} */
                                readonly residentKey: "required";
                                /** @enum {string} */
                                readonly userVerification: "required";
                            };
                            readonly challenge: string;
                            readonly excludeCredentials: readonly {
                                readonly id: string;
                                readonly transports?: readonly string[];
                                /** @enum {string} */
                                readonly type: "public-key";
                            }[];
                            readonly pubKeyCredParams: readonly {
                                readonly alg: number;
                                /** @enum {string} */
                                readonly type: "public-key";
                            }[];
                            readonly rp: {
                                readonly id: string;
                                readonly name: string;
                            };
                            /** @description Milliseconds */
                            readonly timeout: number;
                            readonly user: {
                                readonly displayName: string;
                                readonly id: string;
                                readonly name: string;
                            };
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/password": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Change the password, or set a first one
         * @description Every other session ends. API keys and identities that were made in the last 7 days, or since the oldest of the sessions that end began if that is later, are suspended: they stop until their owner, after a recent sign-in, or an administrator enables each of them. A user who has no password yet leaves `currentPassword` out and must have signed in within 15 minutes.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description Left out only by a user who has no password yet */
                        readonly currentPassword?: string;
                        /**
                         * @description 12 to 128 characters by default; no composition rules; common passwords are refused
                         * @example correct horse battery staple
                         */
                        readonly newPassword: string;
                        /**
                         * @description Whether API keys, identities and passkeys that were made lately are suspended
                         * @default true
                         */
                        readonly suspendRecentCredentials?: boolean;
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded, and there is nothing to say */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/password/check": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Whether a password could be chosen, and how hard it is to guess
         * @description For forms that answer while a person types. The rules are those of sign-up and of a change of password, which check again; nothing is stored or logged.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description Address of the account; the password must not contain it */
                        readonly email?: string;
                        /**
                         * @description 12 to 128 characters by default; no composition rules; common passwords are refused
                         * @example correct horse battery staple
                         */
                        readonly password: string;
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly accepted: boolean;
                            /** @example is one of the most common passwords, or little more */
                            readonly message?: string;
                            /** @enum {unknown} */
                            readonly refusal?: "NOT_UNICODE" | "TOO_SHORT" | "TOO_LONG" | "COMMON" | "REPETITIVE" | "CONTAINS_EMAIL";
                            /** @description How hard it is to guess, by zxcvbn: 0 is the first to be tried, 4 is strong */
                            readonly strength: number;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/password/forgot": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Ask for a mail that sets a password
         * @description The answer is the same in the same time, whether or not there is an account. The mail has a link, good for 30 minutes, and a code, good for ten. An address gets at most three mails an hour, and three more where it is asked for in a browser that its account knows; then no mail is sent, and those before stay good.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * Format: email
                         * @example ada@example.com
                         */
                        readonly email: string;
                    };
                };
            };
            readonly responses: {
                /** @description Problem details (RFC 9457) */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description Works with the code of the mail. The answer is the same where none is sent */
                            readonly flow: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/password/reset": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Set a password with the link or the code of a mail
         * @description Sets a first password too. Every session, refresh token and grant of the account ends, and none begins. API keys and identities that were made in the last 7 days, or since the oldest of the sessions if that is later, are suspended. While the address has not been proved, the owner of the mailbox becomes the owner of the account: its keys, identities and name are removed, and the address is proved. Five codes are compared for each `flow`, ten wrong ones for each account in a day; links go on working.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * @description The code of the mail
                         * @example 04711042
                         */
                        readonly code?: string;
                        /** @description The `flow` of the answer to the request for the mail */
                        readonly flow?: string;
                        /**
                         * @description 12 to 128 characters by default; no composition rules; common passwords are refused
                         * @example correct horse battery staple
                         */
                        readonly newPassword: string;
                        /** @description What follows `#ticket=` in the link of the mail */
                        readonly ticket?: string;
                    } | unknown | unknown;
                };
            };
            readonly responses: {
                /** @description It succeeded, and there is nothing to say */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/refresh": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Exchange a refresh token for new tokens
         * @description Repeated by the same client within the grace window, it yields the same successor. Another client that presents the same token gets 409 `REFRESH_CONFLICT`: look for a newer token in your store after `Retry-After`, then ask again. A session gets at most 30 new tokens in any minute, then 429.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: {
                readonly content: {
                    readonly "application/json": {
                        /** @description Opaque; single use, rotates */
                        readonly refreshToken?: string;
                        /** @description Identifier of the API that the access token is for (RFC 8707); without it the token is Latchkey’s own */
                        readonly resource?: string;
                    } | null;
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description JWT (RFC 9068) */
                            readonly accessToken?: string;
                            /**
                             * @description Seconds
                             * @example 900
                             */
                            readonly expiresIn: number;
                            /** @description Opaque; single use, rotates */
                            readonly refreshToken?: string;
                            /** @enum {string} */
                            readonly tokenType: "Bearer";
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/register": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Sign up
         * @description With `EMAIL_VERIFICATION=required` the answer is always 202, in the same time, whether or not the address has an account; the account is made, and its first session opened, by `POST /api/auth/email/verification/confirm`. Otherwise it is made at once, and a mail that proves the address is sent where the service sends mail.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /**
                         * Format: email
                         * @example ada@example.com
                         */
                        readonly email: string;
                        /** @example Ada */
                        readonly name?: string;
                        /**
                         * @description 12 to 128 characters by default; no composition rules; common passwords are refused
                         * @example correct horse battery staple
                         */
                        readonly password: string;
                    };
                };
            };
            readonly responses: {
                /** @description It was created */
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description Works with the code of the mail that proves the address; missing where the service sends no mail */
                            readonly flow?: string;
                            readonly user: {
                                readonly email: string;
                                readonly id: string;
                                readonly name?: string;
                                /** @enum {unknown} */
                                readonly role: "user" | "admin";
                            };
                        };
                    };
                };
                /** @description Problem details (RFC 9457) */
                readonly 202: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description Works with the code of the mail. The answer is the same where none is sent */
                            readonly flow: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/sessions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List my sessions */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly sessions: readonly {
                                /** @description The app that has the session; null for a session at Latchkey itself */
                                readonly app: {
                                    readonly clientId: string;
                                    readonly name: string;
                                } | null;
                                /** Format: date-time */
                                readonly createdAt: string;
                                readonly current: boolean;
                                /**
                                 * Format: date-time
                                 * @description To the day, in UTC
                                 */
                                readonly expiresAt: string;
                                readonly id: string;
                                readonly ip: string;
                                /**
                                 * Format: date-time
                                 * @description To the day, in UTC
                                 */
                                readonly lastUsedAt: string;
                                readonly replay: {
                                    /**
                                     * Format: date-time
                                     * @description To the day, in UTC
                                     */
                                    readonly at: string;
                                    readonly ip: string;
                                    readonly userAgent: string | null;
                                } | null;
                                readonly userAgent: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        /** End all my sessions, this one too */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded, and there is nothing to say */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/sessions/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** End one of my sessions */
        readonly delete: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded, and there is nothing to say */
                readonly 204: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/auth/step-up": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Prove more in this session
         * @description After `RECENT_SIGN_IN_REQUIRED`, or where another API wants a later or a stronger sign-in (RFC 9470). `POST /api/auth/login/factor` takes the `ticket` with one of `factors`.
         */
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /**
                             * @description What the account can prove; `password` where it has no second factor. Empty where its user has to sign in again.
                             * @example [
                             *       "passkey",
                             *       "totp",
                             *       "recovery-code"
                             *     ]
                             */
                            readonly factors: readonly string[];
                            /** @description For `POST /api/auth/login/factor`, for five minutes */
                            readonly ticket: string;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/data": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** For partners with an API key */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly data: {
                                readonly keyId: string;
                            };
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/key": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What my key may do, until when, and what is left
         * @description Limited by address; takes nothing from the rate limit and the quota of the key.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly key: {
                                readonly allowedCidrs: readonly string[] | null;
                                /** Format: date-time */
                                readonly createdAt: string;
                                readonly expiresAt: string | null;
                                readonly id: string;
                                readonly monthlyQuota: number | null;
                                readonly name: string;
                                /**
                                 * @description The first letters of the key
                                 * @example lk_live_3fX9aB
                                 */
                                readonly prefix: string;
                                readonly rateLimit: {
                                    readonly limit: number;
                                    readonly windowSeconds: number;
                                } | null;
                                /** @description What is left of each limit that the key has */
                                readonly remaining: {
                                    readonly monthlyQuota: {
                                        /** @description Calls that are left at least */
                                        readonly calls: number;
                                        /** Format: date-time */
                                        readonly resetsAt: string;
                                    } | null;
                                    readonly rateLimit: {
                                        /** @description Calls that are left at least */
                                        readonly calls: number;
                                        /** Format: date-time */
                                        readonly resetsAt: string;
                                    } | null;
                                };
                                readonly scopes: readonly string[];
                                readonly secretUntil: string | null;
                                /** @enum {unknown} */
                                readonly status: "active" | "disabled" | "suspended";
                            };
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/key/usage": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Calls of my key by day and outcome
         * @description Limited by address; takes nothing from the rate limit and the quota of the key.
         */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @description The last 30 days (UTC), the oldest first */
                            readonly days: readonly {
                                readonly allowed: number;
                                /** Format: date */
                                readonly day: string;
                                /** @description Refused for a missing scope */
                                readonly forbidden: number;
                                /** @description Refused by rate limit or quota */
                                readonly limited: number;
                            }[];
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/profile": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Who am I */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly user: {
                                /** @description Missing where the address was freed from the account */
                                readonly email?: string;
                                /** @description Whether a mail or an identity provider has proved that the address is this user’s */
                                readonly emailVerified: boolean;
                                readonly id: string;
                                readonly name?: string;
                                /** @enum {unknown} */
                                readonly role: "user" | "admin";
                            };
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        /** Change my name */
        readonly patch: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": {
                        /** @description Null takes the name away */
                        readonly name: string | null;
                    };
                };
            };
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly user: {
                                /** @description Missing where the address was freed from the account */
                                readonly email?: string;
                                /** @description Whether a mail or an identity provider has proved that the address is this user’s */
                                readonly emailVerified: boolean;
                                readonly id: string;
                                readonly name?: string;
                                /** @enum {unknown} */
                                readonly role: "user" | "admin";
                            };
                        };
                    };
                };
            };
        };
        readonly trace?: never;
    };
    readonly "/api/protected": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** For any signed-in user */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly userId: string;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/healthz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Is the service able to work */
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                /** @description It succeeded */
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            /** @enum {string} */
                            readonly status: "ok";
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Problem details (RFC 9457) */
        readonly Problem: {
            /**
             * @description How strong a sign-in must be, as in `WWW-Authenticate` (RFC 9470)
             * @example [
             *       "urn:latchkey:2"
             *     ]
             */
            readonly acrValues?: readonly string[];
            /**
             * @description Stable, for programs
             * @example VALIDATION_FAILED
             */
            readonly code: string;
            readonly detail?: string;
            /** @description The same sentence as `title` */
            readonly error: string;
            readonly errors?: readonly {
                /** @example TOO_SHORT */
                readonly code?: string;
                readonly field: string;
                readonly message: string;
            }[];
            /**
             * @description With `SECOND_FACTOR_REQUIRED`: what the account can prove
             * @example [
             *       "passkey",
             *       "totp",
             *       "recovery-code"
             *     ]
             */
            readonly factors?: readonly string[];
            /** @description With `EMAIL_VERIFICATION_REQUIRED` and `SECOND_FACTOR_ENROLMENT_REQUIRED`: what the code of the mail works with, at `POST /api/auth/login/email/confirm` */
            readonly flow?: string;
            /**
             * @description How many seconds ago it may have been
             * @example 900
             */
            readonly maxAge?: number;
            readonly requestId: string;
            readonly status: number;
            /** @description With `SECOND_FACTOR_REQUIRED`, for `POST /api/auth/login/factor`; with `SECOND_FACTOR_ENROLMENT_REQUIRED`, for `/api/auth/login/enrolment` */
            readonly ticket?: string;
            readonly title: string;
            /**
             * Format: uri
             * @description A page that says what happened and what to do
             * @example https://auth.example.com/errors#VALIDATION_FAILED
             */
            readonly type: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description Where the browser goes on */
        readonly Location: string;
        /** @description Seconds after which to try again */
        readonly "Retry-After": number;
        /** @description Which credential is needed (RFC 9110 §11.6.1), how strong and how fresh (RFC 9470) */
        readonly "WWW-Authenticate": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
