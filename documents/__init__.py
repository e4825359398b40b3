"""The paper side: quotes, invoices and credit notes as PDF, and the same content as HTML for the screen."""
