/**
 * To be imported before any schema is made: the page's policy forbids making code from text, which
 * the library would try for speed.
 */

import { z } from 'zod';

z.config({ jitless: true });
