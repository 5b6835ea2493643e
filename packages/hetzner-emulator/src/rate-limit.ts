/** 3,600 requests an hour and project: a bucket of that size that gets one back every second. */
export interface RateLimit {
  readonly limit: number;
  readonly perSecond: number;
}

export const vendorRateLimit: RateLimit = { limit: 3600, perSecond: 1 };

export interface RateAnswer {
  readonly allowed: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

export function createRateLimiter(
  { limit, perSecond }: RateLimit,
  now: () => Date,
): () => RateAnswer {
  let remaining = limit;
  let last = now().getTime();
  return () => {
    const time = now().getTime();
    remaining = Math.min(limit, remaining + ((time - last) / 1000) * perSecond);
    last = time;
    const allowed = remaining >= 1;
    if (allowed) remaining -= 1;
    return {
      allowed,
      headers: {
        "RateLimit-Limit": String(limit),
        "RateLimit-Remaining": String(Math.floor(remaining)),
        // Unix time of the moment at which the bucket is full again.
        "RateLimit-Reset": String(Math.ceil(time / 1000 + (limit - remaining) / perSecond)),
      },
    };
  };
}
