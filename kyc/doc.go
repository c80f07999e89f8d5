// Package kyc holds what identity-verification vendors share: one normalised
// [Decision], the [Result] that carries it together with its evidence, the
// [Provider] interface that every vendor's client implements, and the errors,
// options and upload sources that all clients use.
//
// # Decisions
//
// The zero [Decision] is [Unknown]. Whatever a vendor's table does not name (a
// new word, another case, a number, null, nothing) is Unknown too, never
// [Approved]. Each [Result] keeps the vendor's bytes in Raw and says in
// Evidence which value and which rule led to the decision.
//
// MAPPING.md, next to this file, lists every word of every vendor and the
// decision it leads to. [WithOverrides] puts rows of your own before the tables.
//
// # Several vendors
//
// A [Chain] is a [Provider] made of several: it starts with the first that is
// not failing, goes back to the vendor that a [Ref] names, and opens one session
// for each Reference. Package kyctest proves that a Provider, yours or ours,
// follows the rules of this package.
//
// # Notices
//
// A vendor's notice is only a wake-up call. Its [Assurance] says what it proves;
// the decision is read with [Provider.Fetch].
//
// # Errors
//
// A failed call returns an [*Error], which [errors.Is] matches with
// [ErrNotFound], [ErrRateLimited] and the other sentinels. Its text holds no
// URL, no body and no personal data.
//
// # Printing and storing
//
// Responses, requests and results print without personal data and secrets
// under every verb of package fmt and under log/slog. Encoding one of them as
// JSON, on the other hand, is complete: it is meant for storing. Use [Marshal]
// and [Unmarshal] for the vendor packages' types: they keep members that the
// types do not name.
package kyc

//go:generate go run ../internal/mapping
