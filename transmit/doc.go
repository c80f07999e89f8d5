// Package transmit speaks to Transmit Security's identity verification (Mosaic
// Verify): document verification, face authentication and the event stream.
//
// # Quick start
//
// A session is opened by the backend, the user goes through the vendor's
// hosted page, and the backend reads the result:
//
//	client, err := transmit.NewClient(transmit.Config{
//		ClientID: id, ClientSecret: secret, Environment: transmit.ProductionEU,
//	})
//	session, err := client.Sessions.Create(ctx, transmit.SessionRequest{
//		CallbackURL: "https://example.com/back", State: state,
//	})
//	opened[login] = kyc.Ref{Vendor: kyc.Transmit, Session: session.SessionID} // kept with the browser's login
//	http.Redirect(w, r, client.HostedURL(session).Reveal(), http.StatusSeeOther)
//
//	// The browser is back at /back, and must bring the session that was opened for it:
//	event, err := states.ParseCallbackFor(r.Context(), r.URL, login, opened[login])
//	result, err := client.Fetch(r.Context(), event.Ref)
//	if result.Decision == kyc.Approved { ... }
//
// A state shows that the browser is the one that left. Only the comparison with
// the stored session shows that the id beside it was not put there by its user:
// without it one person is approved by another's check.
//
// [Client] is a [kyc.Provider] too, for programs that serve several vendors.
// [Client.Verify] drives a whole session from the backend, without a front end
// of the vendor. Package transmittest has a fake of the vendor for tests.
//
// # Decisions
//
// The status of a session comes first: pending, capturing and processing are
// [kyc.Pending], recapture is [kyc.InputRequired], error is [kyc.Failed]. Only
// with complete the recommendation counts: ALLOW is [kyc.Approved], CHALLENGE
// [kyc.Review], DENY [kyc.Declined]. Anything else is [kyc.Unknown], among it a
// complete session without a recommendation, and one whose answer contradicts
// itself and does not decline. The seven checks never overrule the
// recommendation. [Table] is the whole table; [kyc.WithOverrides] changes it
// under the field names [FieldStatus], [FieldRecommendation] and [FieldCheck].
// A rule for the status complete can only make the decision stricter. The words
// complete and error set Ended.
//
// # Result shapes
//
// The vendor has three shapes of a result and does not mark them. [Result] is
// one type for all; [Result.Complete], [Result.Incomplete] and
// [Result.Deprecated] tell from what is there. The parameter detailed=true,
// which asks for the current shapes, is always sent; [WithDetailed] changes
// that, since the vendor means to remove it.
//
// # Countries and dates
//
// The vendor writes a document's country in two letters and an address's in
// three, and dates as midnight UTC. The types of this package keep what was
// sent. [kyc.Document] and [kyc.Person] have ISO 3166-1 alpha-3 and plain dates,
// with the original value in Evidence.
//
// In the deprecated shape both a person and a document have names. What the
// document has of its holder (birth date, personal number) is taken for the
// person's only where the names are equal, and cited; else it stays with the
// document. A document without a number of its own has its serial number in both
// Number and SerialNumber.
//
// # Logs
//
// A session id belongs in no log: the vendor's calls take it, and the return URL
// carries it. A [kyc.Ref] is made of it, and prints it; so do [kyc.Event],
// [kyc.Result] and [kyc.Session], which print their Ref. Log your own reference
// in their place. The package itself logs no id.
//
// # What is not certain
//
// Public documents of this vendor leave gaps. Where one matters the doc
// comment says so, and either answer works: the path of [ImagesService.Add]
// ([WithAddImage]), the id that [FaceAuthService.Result] takes, the token and the
// path of the event stream ([Config].EventsResource, EventsPath), the base64 form
// of an image. The member context of [SessionRequest] is sent only where it is
// set; what the vendor takes elsewhere goes into Extra. Nothing notifies a backend of a result: it polls, or reads the
// event stream.
package transmit

//go:generate go -C ../internal/codegen run . transmit
