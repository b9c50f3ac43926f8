export interface Position {
  /** Degrees north. */
  readonly latitude: number;
  /** Degrees east. */
  readonly longitude: number;
}

export interface Address {
  readonly street: string;
  readonly postcode: string;
  readonly city: string;
  /** Null until the worker has looked it up. */
  readonly position: Position | null;
}

/** Where all rounds begin and end. */
export const DEPOT: Position = { latitude: 53.0793, longitude: 8.8017 };

export const HOME_CITY = 'Bremen';

/** One line, as it stands on a label. */
export function formatAddress({ street, postcode, city }: Address): string {
  return `${street}, ${postcode} ${city}`;
}
