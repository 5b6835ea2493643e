import type { ContentfulStatusCode } from "hono/utils/http-status";

/** Every code that this API answers, with its HTTP status. */
const statuses = {
  json_error: 400,
  unauthorized: 401,
  forbidden: 403,
  maintenance: 403,
  resource_limit_exceeded: 403,
  not_found: 404,
  firewall_resource_not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  uniqueness_error: 409,
  deprecated_api_endpoint: 410,
  primary_ip_version_mismatch: 412,
  resource_unavailable: 412,
  firewall_already_applied: 422,
  firewall_managed_by_label_selector: 422,
  invalid_input: 422,
  invalid_server_type: 422,
  must_be_unassigned: 422,
  no_space_left_in_location: 422,
  placement_error: 422,
  primary_ip_already_assigned: 422,
  primary_ip_assigned: 422,
  primary_ip_datacenter_mismatch: 422,
  server_already_added: 422,
  resource_in_use: 422,
  server_has_ipv4: 422,
  server_has_ipv6: 422,
  server_not_stopped: 422,
  service_error: 422,
  unsupported_error: 422,
  locked: 423,
  protected: 423,
  rate_limit_exceeded: 429,
  server_error: 500,
  bad_gateway: 502,
  unavailable: 503,
  timeout: 504,
} as const satisfies Record<string, ContentfulStatusCode>;

export type ErrorCode = keyof typeof statuses;

export interface FieldError {
  readonly name: string;
  readonly messages: readonly string[];
}

/** An answer of the API that is an error, thrown from wherever it is found. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly details: unknown;

  constructor(code: ErrorCode, message: string, details: unknown = null) {
    super(message);
    this.code = code;
    this.details = details;
  }

  get status(): ContentfulStatusCode {
    return statuses[this.code];
  }

  get body() {
    return { error: { code: this.code, message: this.message, details: this.details } };
  }
}

/** Clients read at least one field, and crash on an answer without details. */
export function invalidInput(...fields: readonly [FieldError, ...FieldError[]]): ApiError {
  const names = fields.map(({ name }) => `'${name}'`).join(", ");
  return new ApiError("invalid_input", `invalid input in field ${names}`, { fields });
}

export function invalidField(name: string, message: string): ApiError {
  return invalidInput({ name, messages: [message] });
}

export function notFound(what: string, id: number | string): ApiError {
  return new ApiError("not_found", `${what} with ID '${id}' not found`);
}

export function notUnique(field: string): ApiError {
  return new ApiError("uniqueness_error", `${field} is already used`, {
    fields: [{ name: field }],
  });
}
