// Package didit speaks to the verification API of Didit, version 3: sessions
// of persons (KYC) and of companies (KYB), their decisions, and the notices
// about them.
//
//	client, err := didit.NewClient(didit.Config{APIKey: key, Workflow: workflow})
//	session, err := client.Sessions.Create(ctx, didit.SessionRequest{VendorData: "onboarding-42", Callback: back})
//	http.Redirect(w, r, session.URL.Reveal(), http.StatusSeeOther)
//
//	mux.Handle("POST /notices/didit", kyc.Handler(didit.Webhooks(secret), func(ctx context.Context, e kyc.Event) error {
//		if e.Ref.IsZero() {
//			return nil // about a user, a business or a transaction
//		}
//		result, err := client.Fetch(ctx, e.Ref)
//		switch {
//		case errors.Is(err, kyc.ErrNotFound):
//			return nil // deleted, or of a test
//		case err != nil:
//			return err // the vendor sends the notice again
//		}
//		switch result.Decision {
//		case kyc.Approved:
//			return activate(ctx, result.Reference, result.Person)
//		case kyc.Declined:
//			return refuse(ctx, result.Reference, result.Reasons())
//		case kyc.Pending, kyc.InputRequired:
//			return nil // another notice follows
//		case kyc.Unknown, kyc.Review, kyc.Expired, kyc.Abandoned, kyc.Failed:
//			return queueForReview(ctx, result)
//		}
//		return nil
//	}))
//
// The redirect to the callback proves nothing ([ParseRedirect] reads it), and a
// notice is only a wake-up call: the fetched decision decides.
//
// # Decisions
//
// A session's status alone gives the [kyc.Decision]; see [Table]. The features
// below it are checks, which never overrule it: a session may be approved with
// a feature still in review. Words match without regard to the case of ASCII
// letters and in nothing else, so what the table does not name is
// [kyc.Unknown]. [kyc.WithOverrides] takes the fields [FieldStatus],
// [FieldFeature] and [FieldParty].
//
// Who the person is comes from the document that was approved. A chip that was
// approved too, against which nothing was found, takes its place. Of a company's
// people everybody is listed once, with the worst that any list says of them;
// those who left are not.
//
// A sandbox application checks nobody. Its results have [kyc.Result.Test] set, and
// [Client.Fetch] refuses them unless [Config.Sandbox] is set, so that a sandbox's
// key in production approves nobody.
//
// Any member of a [Decision] may be empty. Blocks stay null until a feature ran,
// and a workflow may blank all members of an item but its node, status and
// warnings. What this package does not know is in Extra, and everything as it
// came is in RawJSON.
//
// # Ids, budgets, repeats
//
// Session ids must be UUIDs in lower case; another is refused before anything
// is sent, unless [WithAnyID] says otherwise. The vendor's budgets hold for
// each client: 600 reads, 300 writes, 600 creates and 50 reports a minute, and
// ten corrections of each kind. [kyc.WithLimiter] replaces them. Reads,
// deletes and corrections are repeated after a passing fault; what creates,
// sends or costs something, only if the vendor certainly did not act.
//
// # Errors
//
// The vendor's answers carry words and no codes. [FieldErrors] reads every form
// that they come in, and [ErrNoCredits], [ErrSessionState],
// [ErrAlreadyImported] and [ErrBlocked] tell causes apart that share a status,
// as far as the words allow. Missing credentials may come with status 403;
// they match [kyc.ErrUnauthorized] all the same.
//
// # Not certain
//
// The vendor's pages disagree in places. This package works with either answer:
// V2 signatures with or without escapes, event ids that stay or change when a
// notice is repeated (the ID of a [kyc.Event] is made without them), deletes
// answered 200 or 204, setting the status that a session has, blocks that are
// null or empty, scores that count to 1 or to 100 (the former have no scale in a
// result), and imported sessions in the older shape. What rests on a third
// party's word, or on one page against another, is marked Experimental in its
// comment and may change when the vendor says more. So may the budget of creates:
// a page counts them among the writes too.
//
// Package didittest has a fake of the vendor for tests without an account.
package didit

//go:generate go -C ../internal/codegen run . didit
