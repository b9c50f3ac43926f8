/**
 * To be imported before any schema is made. The views' policy forbids making code from text, which
 * the schema library would try for speed; in the editor's process the attempt alone is logged as
 * an error.
 */

import { z } from 'zod';

z.config({ jitless: true });
