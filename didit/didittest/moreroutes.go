package didittest

import (
	"net/http"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
)

// uuidNames are the places in paths that hold canonical UUIDs; the router does not take anything else.
var uuidNames = []string{
	"session", "company", "list", "entry", "settings", "questionnaire", "destination", "transaction", "organization", "application", "user",
}

// answers401 names the operations that answer 401 and not 403 without credentials.
func answers401(operation string) bool {
	return operation == "Sessions.Share" || operation == "Checks.WalletScreening" || strings.HasPrefix(operation, "Users.")
}

// moreRoutes are the operations beside the life of a session.
func (s *Server) moreRoutes() []fake.Route {
	var out []fake.Route
	add := func(operation, method, pattern, request, answer string, handler fake.Handler) {
		out = append(out, fake.Route{Operation: operation, Method: method, Pattern: pattern, Request: request, Answer: answer, Handler: handler})
	}
	const post, get, patch, remove = http.MethodPost, http.MethodGet, http.MethodPatch, http.MethodDelete
	add("Checks.IDVerification", post, "/v3/id-verification/", "", "checkIDVerification", s.checkID)
	add("Checks.PassiveLiveness", post, "/v3/passive-liveness/", "", "checkPassiveLiveness", s.checkLiveness)
	add("Checks.FaceMatch", post, "/v3/face-match/", "", "checkFaceMatch", s.checkFaces)
	add("Checks.FaceSearch", post, "/v3/face-search/", "", "checkFaceSearch", s.searchFaces)
	add("Checks.AgeEstimation", post, "/v3/age-estimation/", "", "checkAgeEstimation", s.estimateAge)
	add("Checks.POA", post, "/v3/poa/", "", "checkPOA", s.checkAddress)
	add("Checks.AML", post, "/v3/aml/", "screenAML", "screenAML", s.screen)
	add("Checks.DatabaseValidation", post, "/v3/database-validation/", "validateDatabase", "validateDatabase", s.validate)
	add("Checks.PhoneSend", post, "/v3/phone/send/", "sendPhoneCode", "sendPhoneCode", s.sendPhone)
	add("Checks.PhoneCheck", post, "/v3/phone/check/", "checkPhoneCode", "checkPhoneCode", s.checkPhone)
	add("Checks.EmailSend", post, "/v3/email/send/", "sendEmailCode", "sendEmailCode", s.sendEmail)
	add("Checks.EmailCheck", post, "/v3/email/check/", "checkEmailCode", "checkEmailCode", s.checkEmail)
	add("Checks.KYBSearch", post, "/v3/kyb/search/", "searchCompanies", "searchCompanies", s.searchRegistry)
	add("Checks.KYBSelect", post, "/v3/kyb/select/", "selectCompany", "selectCompany", s.selectCompany)
	add("Checks.WalletScreening", post, "/v3/wallet-screening/", "screenWallet", "screenWallet", s.screenWallet)

	add("Lists.List", get, "/v3/lists/", "", "listLists", s.listLists)
	add("Lists.Create", post, "/v3/lists/", "createList", "", s.createList)
	add("Lists.Get", get, "/v3/lists/{list}/", "", "", s.getList)
	add("Lists.Update", patch, "/v3/lists/{list}/", "updateList", "", s.updateList)
	add("Lists.Delete", remove, "/v3/lists/{list}/", "", "", s.deleteList)
	add("Lists.Entries", get, "/v3/lists/{list}/entries/", "", "listEntries", s.listEntries)
	add("Lists.AddEntry", post, "/v3/lists/{list}/entries/", "createEntry", "", s.addEntry)
	add("Lists.UploadFace", post, "/v3/lists/{list}/entries/face-upload/", "uploadListFace", "", s.addFaceEntry)
	add("Lists.DeleteEntry", remove, "/v3/lists/{list}/entries/{entry}/", "", "", s.deleteEntry)
	add("Blocklist.Add", post, "/v3/blocklist/add/", "addToBlocklist", "", s.block)
	add("Blocklist.Remove", post, "/v3/blocklist/remove/", "removeFromBlocklist", "", s.unblock)
	add("Blocklist.List", get, "/v3/blocklist/", "", "", s.listBlocked)

	add("Workflows.List", get, "/v3/workflows/", "", "listWorkflows", s.listWorkflows)
	add("Workflows.Create", post, "/v3/workflows/", "createWorkflow", "", s.createWorkflow)
	add("Workflows.Get", get, "/v3/workflows/{settings}/", "", "", s.getWorkflow)
	add("Workflows.Update", patch, "/v3/workflows/{settings}/", "updateWorkflow", "", s.updateWorkflow)
	add("Workflows.Delete", remove, "/v3/workflows/{settings}/", "", "", s.deleteWorkflow)
	add("Questionnaires.List", get, "/v3/questionnaires/", "", "listQuestionnaires", s.listQuestionnaires)
	add("Questionnaires.Create", post, "/v3/questionnaires/", "createQuestionnaire", "", s.createQuestionnaire)
	add("Questionnaires.Get", get, "/v3/questionnaires/{questionnaire}/", "", "", s.getQuestionnaire)
	add("Questionnaires.Update", patch, "/v3/questionnaires/{questionnaire}/", "updateQuestionnaire", "", s.updateQuestionnaire)
	add("Questionnaires.Delete", remove, "/v3/questionnaires/{questionnaire}/", "", "", s.deleteQuestionnaire)

	add("Users.List", get, "/v3/users/", "", "listUsers", s.listUsers)
	add("Users.Create", post, "/v3/users/create/", "createUser", "", s.createUser)
	add("Users.Delete", post, "/v3/users/delete/", "deleteUsers", "deleteUsers", s.deleteUsers)
	add("Users.Get", get, "/v3/users/{vendor}/", "", "", s.getUser)
	add("Users.Update", patch, "/v3/users/{vendor}/", "updateUser", "", s.updateUser)
	add("Users.UpdateStatus", patch, "/v3/users/{vendor}/update-status/", "updateUserStatus", "", s.updateUser)
	add("Users.UploadFace", post, "/v3/organization/{organization}/application/{application}/vendor-users/by-id/{user}/faces/upload/", "uploadUserFace", "uploadUserFace", s.uploadFace)
	add("Businesses.List", get, "/v3/businesses/", "", "listBusinesses", s.listBusinesses)
	add("Businesses.Create", post, "/v3/businesses/create/", "createBusiness", "", s.createBusiness)
	add("Businesses.Delete", post, "/v3/businesses/delete/", "deleteBusinesses", "deleteBusinesses", s.deleteBusinesses)
	add("Businesses.Get", get, "/v3/businesses/{vendor}/", "", "", s.getBusiness)
	add("Businesses.Update", patch, "/v3/businesses/{vendor}/", "updateBusiness", "", s.updateBusiness)
	add("Businesses.UpdateStatus", patch, "/v3/businesses/{vendor}/update-status/", "updateBusinessStatus", "", s.updateBusiness)

	add("Webhooks.List", get, "/v3/webhook/destinations/", "", "", s.listDestinations)
	add("Webhooks.Create", post, "/v3/webhook/destinations/", "createDestination", "", s.createDestination)
	add("Webhooks.Get", get, "/v3/webhook/destinations/{destination}/", "", "", s.getDestination)
	add("Webhooks.Update", patch, "/v3/webhook/destinations/{destination}/", "updateDestination", "", s.updateDestination)
	add("Webhooks.Delete", remove, "/v3/webhook/destinations/{destination}/", "", "", s.deleteDestination)
	add("Webhooks.Delivery", get, "/v3/webhook/destinations/{destination}/deliveries/{delivery}/", "", "", s.getDelivery)
	add("Webhooks.GetSettings", get, "/v3/webhook/", "", "", s.webhookSettings)
	add("Webhooks.UpdateSettings", patch, "/v3/webhook/", "updateWebhookSettings", "", s.updateWebhookSettings)

	add("Billing.Balance", get, "/v3/billing/balance/", "", "getBalance", s.balance)
	add("Billing.TopUp", post, "/v3/billing/top-up/", "topUp", "topUp", s.topUp)
	add("Customization.Get", get, "/v3/customization/", "", "", s.customization)
	add("Customization.Update", patch, "/v3/customization/", "updateCustomization", "", s.customize)
	add("Transactions.List", get, "/v3/transactions/", "", "listTransactions", s.listTransactions)
	add("Transactions.Create", post, "/v3/transactions/", "createTransaction", "", s.createTransaction)
	add("Transactions.SDKToken", post, "/v3/transactions/sdk-token/", "createTransactionToken", "createTransactionToken", s.transactionToken)
	add("Transactions.Get", get, "/v3/transactions/{transaction}/", "", "", s.getTransaction)
	add("Health.Get", get, "/system/healthcheck", "", "getHealth", s.health)
	return out
}
