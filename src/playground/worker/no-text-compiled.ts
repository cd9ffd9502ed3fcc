import { config } from 'zod';

// A page of a strict policy compiles no text, and zod would try: before any schema is made.
config({ jitless: true });
