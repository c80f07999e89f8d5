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
//	http.Redirect(w, r, client.HostedURL(session).Reveal(), http.StatusSeeOther)
//
//	// The browser is back at /back:
//	event, err := states.ParseCallback(r.Context(), r.URL, login)
//	result, err := client.Sessions.Result(ctx, event.Ref.Session)
//	if result.Status == transmit.SessionStatusComplete && result.Recommendation == transmit.RecommendationAllow { ... }
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
// complete session without a recommendation. The seven checks never overrule
// the recommendation. [Table] is the whole table; [kyc.WithOverrides] changes it
// under the field names [FieldStatus], [FieldRecommendation] and [FieldCheck].
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
