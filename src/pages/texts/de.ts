import type { Texts } from './en.js'

/** Every word of the pages in German. */
export const de: Texts = {
  'nav.label': 'Ihr Konto',
  'nav.skip': 'Zum Inhalt springen',
  'nav.account': 'Konto',
  'nav.sessions': 'Sitzungen',
  'nav.activity': 'Aktivität',
  'nav.keys': 'API-Schlüssel',
  'nav.apps': 'Apps',
  'nav.users': 'Benutzer',
  'nav.signOut': 'Abmelden',
  'foot.label': 'Hilfe und Rechtliches',
  'foot.support': 'Hilfe',
  'foot.terms': 'Nutzungsbedingungen',
  'foot.privacy': 'Datenschutz',

  onward: 'weiter zu {app}',
  'login.again': 'Melden Sie sich erneut an, mit dem Konto, das Sie verwenden möchten.',
  'login.title': 'Anmelden',
  'login.submit': 'Anmelden',
  'login.with': 'Mit {provider} anmelden',
  'login.or': 'oder',
  'login.noAccount': 'Noch kein Konto?',
  'login.register': 'Konto anlegen',
  'login.keep': 'Angemeldet bleiben',
  'login.keep.hint': 'Nicht auf einem Computer, den andere mitbenutzen.',
  'login.shared': 'Andere benutzen diesen Computer mit: nicht angemeldet bleiben',
  'login.passkey': 'Mit einem Passkey anmelden',
  'login.byMail': 'Per E-Mail anmelden',
  'login.forgot': 'Passwort vergessen?',

  'register.title': 'Konto anlegen',
  'register.closed': 'Registrierung geschlossen',
  'register.submit': 'Konto anlegen',
  'register.with': 'Mit {provider} registrieren',
  'register.haveAccount': 'Schon ein Konto?',
  'register.login': 'Anmelden',
  'register.signInInstead': 'Stattdessen anmelden',

  'forgot.title': 'Passwort zurücksetzen',
  'forgot.about':
    'Geben Sie die Adresse Ihres Kontos ein. Sie erhalten eine E-Mail mit einem Link und einem Code, mit denen Sie ein neues Passwort festlegen.',
  'forgot.submit': 'E-Mail senden',
  'forgot.none': 'Dieser Dienst versendet keine E-Mails',
  'forgot.none.about': 'Bitten Sie einen Administrator, Ihnen mit dem Passwort zu helfen.',
  'reset.title': 'Neues Passwort wählen',
  'reset.sent':
    'Wenn es ein Konto mit der Adresse {email} gibt, erhält es jetzt eine E-Mail. Öffnen Sie deren Link, oder geben Sie hier den Code ein.',
  'reset.typed':
    'Geben Sie den Code der E-Mail in dem Browser ein, in dem Sie sie angefordert haben.',
  'reset.about': 'Sie werden überall abgemeldet. Melden Sie sich danach mit dem neuen Passwort an.',
  'reset.submit': 'Passwort festlegen',
  'reset.again': 'Neue E-Mail anfordern',

  'mailSignIn.title': 'Per E-Mail anmelden',
  'mailSignIn.about':
    'Geben Sie die Adresse Ihres Kontos ein. Sie erhalten eine E-Mail mit einem Link und einem Code, mit denen Sie sich anmelden.',
  'mailSignIn.submit': 'E-Mail senden',
  'mailSignIn.sent':
    'Wenn es ein Konto mit der Adresse {email} gibt, erhält es jetzt eine E-Mail. Geben Sie hier ihren Code ein, oder öffnen Sie ihren Link in diesem Browser.',
  'mailSignIn.again': 'Noch eine E-Mail senden',
  'mailSignIn.otherwise': 'Anders anmelden',
  'mailSignIn.elsewhere':
    'In diesem Browser wurde die E-Mail nicht oder vor zu langer Zeit angefordert. Geben Sie den Code dort ein, wo Sie sie angefordert haben, oder fordern Sie hier eine neue an.',
  'startOver.about':
    'Es gibt ein Konto mit Ihrer Adresse {email}. Es hat nie nachgewiesen, dass die Adresse dem gehört, der es angelegt hat.',
  'startOver.mine':
    'Melden Sie sich mit seinem Passwort oder seinem Anbieter an. Danach können Sie sich in diesem Browser auch per E-Mail anmelden.',
  'startOver.other':
    'Das Konto wird Ihres, und alles, was jemand anders darin angelegt hat, wird entfernt: Passwort, Sitzungen, API-Schlüssel, verknüpfte Identitäten und der Name.',
  'undo.title': 'Änderung Ihrer E-Mail-Adresse rückgängig machen',
  'undo.about':
    'Ihr Konto erhält seine alte Adresse zurück, mit dem Passwort von damals. Alle Sitzungen enden, und API-Schlüssel und verknüpfte Identitäten, die seitdem hinzukamen, werden ausgesetzt.',
  'undo.password': 'Passwort vor der Änderung',
  'undo.provider':
    'Wenn Sie sich bei einem Anbieter anmelden, der vor der Änderung verknüpft war, melden Sie sich zuerst dort an, öffnen Sie den Link noch einmal, und lassen Sie das Passwort leer.',
  'undo.submit': 'Änderung rückgängig machen',
  'undo.refused':
    'Das hat nicht geklappt. Der Link gilt nicht mehr, oder das war nicht das Passwort vor der Änderung.',

  'invitation.title': 'Einladung annehmen',
  'invitation.about':
    'Das Konto ist für die E-Mail-Adresse, an die die E-Mail ging. Wählen Sie ein Passwort, oder melden Sie sich per E-Mail oder bei einem Anbieter mit derselben Adresse an.',
  'invitation.submit': 'Konto anlegen',
  'invitation.refused':
    'Diese Einladung gilt nicht oder nicht mehr. Wenn Sie sie angenommen haben, melden Sie sich an. Sonst melden Sie sich per E-Mail mit der eingeladenen Adresse an, oder bitten Sie um eine neue Einladung.',

  'keepFactors.title': 'Ihre zweiten Faktoren behalten',
  'keepFactors.about':
    'Ein Administrator hat begonnen, alle zweiten Faktoren Ihres Kontos zu entfernen. Wenn Sie nicht darum gebeten haben oder es nicht mehr brauchen, behalten Sie sie: Dann ändert sich nichts. Wenn Sie glauben, dass jemand anders darum gebeten hat, sagen Sie es auch den Betreibern dieses Dienstes.',
  'keepFactors.sure': 'Ich habe sie noch, oder ich habe nicht darum gebeten',
  'keepFactors.submit': 'Meine zweiten Faktoren behalten',
  'keepFactors.refused':
    'Das hat nicht geklappt. Der Link gilt nicht mehr: Das Entfernen wurde schon zurückgenommen, oder es ist geschehen.',

  'verify.title': 'E-Mail-Adresse bestätigen',
  'verify.sent':
    'Wir haben eine E-Mail an {email} gesendet. Geben Sie hier ihren Code ein, oder öffnen Sie ihren Link in diesem Browser. Wenn keine E-Mail da ist, sehen Sie im Spam-Ordner nach.',
  'verify.typed':
    'Geben Sie den Code der E-Mail in dem Browser ein, in dem Sie sie angefordert haben, oder öffnen Sie ihren Link.',
  'verify.elsewhere':
    'In diesem Browser wurde die E-Mail nicht angefordert. Geben Sie hier das Passwort Ihres Kontos ein, oder dort den Code der E-Mail.',
  'verify.submit': 'Adresse bestätigen',
  'verify.wrongPassword': 'Das ist nicht das Passwort des Kontos.',
  'verify.notMine': 'Ich habe dieses Konto nicht angelegt',
  'verify.notMine.about':
    'Das Konto mit Ihrer Adresse wird Ihres, und alles, was jemand anders darin angelegt hat, wird entfernt: Passwort, Sitzungen, API-Schlüssel, verknüpfte Identitäten und der Name. Um es zu benutzen, legen Sie mit „Passwort vergessen?“ ein Passwort fest.',
  'verify.notMine.sure': 'Jemand anders hat dieses Konto angelegt',
  'verify.notMine.submit': 'Das Konto übernehmen',

  'free.title': 'Ist dieses Konto Ihres?',
  'free.about':
    'Es gibt schon ein Konto mit Ihrer Adresse {email}. Wem es gehört, hat nicht nachgewiesen, dass die Adresse seine ist.',
  'free.mine': 'Wenn Sie es angelegt haben',
  'free.mine.about':
    'Melden Sie sich an wie bisher und verknüpfen Sie dann {provider} auf Ihrer Kontoseite. Sie behalten alles.',
  'free.mine.submit': 'An diesem Konto anmelden',
  'free.other': 'Wenn Sie es nicht angelegt haben',
  'free.other.about':
    'Nehmen Sie Ihre Adresse für ein neues Konto. Das andere Konto verliert die Adresse und wird überall abgemeldet. Seine Daten und API-Schlüssel behält es.',
  'free.submit': 'Meine Adresse nehmen',

  'readdress.title': 'Ihr Konto braucht eine andere Adresse',
  'readdress.about':
    'Ihr Konto hat die Adresse {email} nicht mehr. Alles andere darin ist, wie Sie es verlassen haben. Wählen Sie eine andere Adresse und melden Sie sich dann mit ihr und Ihrem Passwort an.',
  'readdress.submit': 'Diese Adresse verwenden',

  'consent.title': '{app} Zugang geben?',
  'consent.place.web': 'Die App ist unter',
  'consent.place.computer': 'Die App ist ein Programm auf diesem Computer, unter',
  'consent.place.device': 'Die App ist auf diesem Gerät und wird geöffnet mit',
  'consent.own': 'Sie ist eine App von {service}.',
  'consent.foreign':
    'Sie ist keine App von {service}. Fahren Sie nur fort, wenn Sie diese Adresse kennen und ihr vertrauen.',
  'consent.wants': 'Wenn Sie Ja sagen, kann sie:',
  'consent.scope.openid': 'Sie wiedererkennen, an der Kennung Ihres Kontos',
  'consent.scope.profile': 'Ihren Namen sehen',
  'consent.scope.email': 'Ihre E-Mail-Adresse sehen',
  'consent.scope.offline_access': 'all das auch tun, während Sie nicht hier sind',
  'consent.api': '{api} in Ihrem Namen nutzen:',
  'consent.api.all': '{api} in Ihrem Namen nutzen, für alles, was Sie dort dürfen',
  'consent.account': 'Sie sind angemeldet als {email}.',
  'consent.other': 'Ein anderes Konto verwenden',
  'consent.yes': 'Ja, Zugang geben',
  'consent.no': 'Nein',
  'consent.offline.hint': 'Sie können das jederzeit auf Ihrer Kontoseite zurücknehmen.',

  'appLogout.about': '{app} fragt, ob Sie sich in diesem Browser abmelden möchten.',
  'appLogout.stay': 'Angemeldet bleiben',

  'apps.title': 'Apps',
  'apps.link': 'Was Zugang zu Ihrem Konto hat',
  'apps.about':
    'Apps, die nicht zu diesem Dienst gehören, und was Sie ihnen erlaubt haben. Mehr können sie nicht bekommen.',
  'apps.none': 'Keine App hat Zugang zu Ihrem Konto.',
  'apps.since': 'seit {date}',
  'apps.scope.profile': 'Ihr Name',
  'apps.scope.email': 'Ihre E-Mail-Adresse',
  'apps.scope.offline_access': 'auch während Sie nicht hier sind',
  'apps.withdraw': 'Zugang entziehen',
  'apps.withdrawWhich': '{app} den Zugang entziehen',
  'apps.withdraw.about':
    'Die App wird von Ihrem Konto abgemeldet und fragt erneut, bevor sie etwas bekommt.',

  'logout.about': 'Möchten Sie sich in diesem Browser abmelden?',

  'field.email': 'E-Mail-Adresse',
  'field.query': 'Anfang der E-Mail-Adresse oder Benutzer-ID',
  'field.name': 'Name',
  'field.optional': 'freiwillig',
  'field.password': 'Passwort',
  'field.currentPassword': 'Bisheriges Passwort',
  'field.newPassword': 'Neues Passwort',
  'field.show': 'Passwort zeigen',
  'field.hide': 'Passwort verbergen',
  'field.newEmail': 'Neue E-Mail-Adresse',
  'field.newEmail.wrong': 'Geben Sie eine E-Mail-Adresse ein, etwa ada@example.com.',
  'field.link': 'Link aus der E-Mail',
  'field.link.hint': 'Kopieren Sie den ganzen Link aus der E-Mail, und fügen Sie ihn hier ein.',
  'field.link.wrong': 'Fügen Sie den Link aus der E-Mail ein.',
  'field.totp': 'Code Ihrer Authenticator-App',
  'field.totp.hint': 'Sechs Ziffern, die alle 30 Sekunden wechseln.',
  'field.totp.wrong':
    'Dieser Code ist falsch oder wurde schon benutzt. Warten Sie auf den nächsten der App.',
  'field.recoveryCode': 'Wiederherstellungscode',
  'field.recoveryCode.hint': 'Vierundzwanzig Buchstaben und Ziffern. Er gilt einmal.',
  'field.recoveryCode.wrong':
    'Das ist keiner Ihrer Wiederherstellungscodes, oder er wurde schon benutzt.',
  'field.code': 'Code aus der E-Mail',
  'field.code.hint': 'Acht Ziffern, zehn Minuten gültig.',
  'field.code.wrong': 'Geben Sie die acht Ziffern aus der E-Mail ein.',
  'field.query.wrong': 'Geben Sie den Anfang einer E-Mail-Adresse oder eine Benutzer-ID ein.',
  'field.email.wrong': 'Geben Sie eine E-Mail-Adresse ein, etwa ada@example.com.',
  'field.name.wrong': 'Geben Sie einen Namen mit höchstens 100 Zeichen ein.',
  'field.password.wrong': 'Geben Sie ein Passwort ein.',
  'field.currentPassword.wrong': 'Geben Sie Ihr bisheriges Passwort ein.',
  'field.scopes.wrong': 'Wählen Sie mindestens eine Berechtigung.',
  'field.redirectUris.wrong':
    'Geben Sie 1 bis 20 URIs an, je eine Zeile, mit höchstens 512 Zeichen.',
  'field.postLogoutRedirectUris.wrong':
    'Geben Sie höchstens 20 URIs an, je eine Zeile, mit höchstens 512 Zeichen.',
  'field.expiry.wrong': 'Schlüssel dieses Dienstes laufen früher ab. Wählen Sie eine kürzere Zeit.',
  'field.rateLimit.wrong':
    'Geben Sie eine Zahl von 1 bis 1.000.000 ein. Der Dienst kann eine niedrigere Grenze setzen.',
  'field.monthlyQuota.wrong':
    'Geben Sie eine Zahl von 1 bis 1.000.000.000 ein. Der Dienst kann ein kleineres Kontingent setzen.',
  'field.allowedCidrs.wrong':
    'Geben Sie Adressbereiche mit einem Leerzeichen dazwischen ein, etwa 192.0.2.0/24 2001:db8::/32.',

  'password.rules': 'Mindestens {min} Zeichen. Mehrere Wörter ergeben ein gutes Passwort.',
  'password.NOT_UNICODE': 'Dieses Passwort enthält Zeichen, die sich nicht speichern lassen.',
  'password.TOO_SHORT': 'Zu kurz: Es braucht mindestens {min} Zeichen.',
  'password.TOO_LONG': 'Zu lang: Mehr als {max} Zeichen gehen nicht.',
  'password.INITIAL': 'Dieses Passwort wurde für Sie gewählt. Wählen Sie ein anderes.',
  'password.COMMON':
    'Das ist eines der häufigsten Passwörter oder kaum mehr. Wählen Sie ein anderes.',
  'password.REPETITIVE': 'Das sind immer wieder dieselben Zeichen. Wählen Sie ein anderes.',
  'password.CONTAINS_EMAIL': 'Ihre E-Mail-Adresse darf nicht darin vorkommen.',
  'password.strength': 'Stärke',
  'password.strength.0': 'Sehr leicht zu erraten',
  'password.strength.1': 'Leicht zu erraten',
  'password.strength.2': 'Mittel',
  'password.strength.3': 'Gut',
  'password.strength.4': 'Stark',

  'account.title': 'Ihr Konto',
  'account.hello': 'Guten Tag, {name}',
  'account.profile': 'Profil',
  'account.id': 'Benutzer-ID',
  'account.role': 'Rolle',
  'account.since': 'Dabei seit',
  'role.user': 'Benutzer',
  'role.admin': 'Administrator',
  'account.name.about': 'So nennen Sie unsere Seiten und Apps, denen Sie es erlauben.',
  'account.name.change': 'Namen speichern',
  'account.data': 'Ihre Daten',
  'account.data.about':
    'Eine Kopie von allem, was über Sie gespeichert ist, und wie Sie es löschen.',
  'account.data.download': 'Meine Daten herunterladen',
  'account.delete': 'Mein Konto löschen',
  'account.delete.about':
    'Alles, was über Sie gespeichert ist, wird gelöscht, und Sie werden überall abgemeldet. Apps, API-Schlüssel und Passkeys funktionieren nicht mehr. Das lässt sich nicht rückgängig machen.',
  'account.delete.submit': 'Endgültig löschen',
  'account.delete.admin': 'Das Konto eines Administrators löscht die Kommandozeile.',
  'account.password': 'Passwort',
  'account.password.change': 'Passwort ändern',
  'account.password.changes': 'Die Änderung meldet Sie überall ab, nur hier nicht.',
  'account.password.none': 'Sie haben noch kein Passwort: Sie melden sich bei einem Anbieter an.',
  'account.password.set': 'Passwort festlegen',
  'account.identities': 'Verknüpfte Identitäten',
  'account.identities.about': 'Andere Wege, sich an diesem Konto anzumelden.',
  'account.identities.none': 'Noch ist nichts verknüpft.',
  'account.identities.linked': 'verknüpft am {date}',
  'account.identities.link': '{provider} verknüpfen',
  'account.identities.unlink': 'Lösen',
  'account.identities.unlink.about': 'Mit {provider} können Sie sich dann nicht mehr anmelden.',
  'account.identities.unlink.submit': 'Verknüpfung lösen',
  'account.identities.enable': 'Freigeben',
  'account.identities.enable.about':
    'Wer diese Identität hat, kann sich dann wieder an Ihrem Konto anmelden. Geben Sie sie nur frei, wenn Sie sie verknüpft haben.',
  'account.identities.enable.submit': 'Diese Identität freigeben',
  'account.identities.enableWhich': 'Freigeben: {provider}, {email}',
  'account.identities.suspended': 'Ausgesetzt',
  'account.suspended': 'Ausgesetzte API-Schlüssel',
  'account.suspended.about':
    'Diese Schlüssel wurden kurz vor der Änderung Ihres Passworts angelegt. Sie funktionieren erst wieder, wenn Sie sie freigeben.',
  'account.suspended.created': 'angelegt am {date}',
  'account.suspended.enableWhich': 'Freigeben: {name}',
  'account.password.suspend': 'Auch aussetzen, was kürzlich hinzukam',
  'account.password.suspend.hint':
    'Das hält API-Schlüssel und verknüpfte Identitäten an, die in den letzten 7 Tagen hinzukamen, oder seit Beginn Ihrer ältesten anderen Sitzung, wenn das kürzer ist. Sie können jede einzeln wieder freigeben. Passkeys aus dieser Zeit brauchen einmal zuerst Ihr Passwort. Ältere funktionieren weiter.',
  'account.identities.unlinkWhich': 'Verknüpfung lösen: {provider}, {email}',

  'secondStep.title': 'Noch ein Schritt',
  'secondStep.about':
    'Ihr Konto hat einen zweiten Faktor. Weisen Sie ihn nach, um sich anzumelden.',
  'secondStep.none':
    'Keinen Ihrer zweiten Faktoren können Sie hier verwenden. Ein Administrator kann sie entfernen, damit Sie sich anmelden können.',
  'secondStep.trust': 'Das ist mein eigenes Gerät',
  'secondStep.trust.hint':
    'Es wird eine Zeit lang nicht mehr nach dem zweiten Faktor gefragt. Lassen Sie das Feld leer, wenn andere den Computer mitbenutzen.',
  'factor.submit': 'Weiter',
  'factor.lost': 'Wiederherstellungscode verwenden',
  'fewCodes.title': 'Sie sind angemeldet',
  'fewCodes.about':
    'Ohne Wiederherstellungscode sperrt ein verlorenes Gerät Sie aus Ihrem Konto aus. Erzeugen Sie jetzt neue Codes und bewahren Sie sie sicher auf.',
  'fewCodes.submit': 'Neue Codes erzeugen',
  'fewCodes.later': 'Später',

  'stepUp.title': 'Sind Sie es?',
  'stepUp.about': 'Bestätigen Sie vor einer wichtigen Änderung noch einmal, dass Sie es sind.',
  'stepUp.forApp': 'Die App möchte, dass Sie noch einmal bestätigen, dass Sie es sind.',
  'stepUp.wrongPassword': 'Das ist nicht das Passwort Ihres Kontos.',

  'enrolment.title': 'Zweiten Faktor einrichten',
  'enrolment.about':
    'Ihr Konto braucht neben Passwort oder E-Mail einen zweiten Faktor. Wählen Sie einen; weitere können Sie später hinzufügen.',
  'enrolment.passkey': 'Passkey',
  'enrolment.otherwise': 'Anderen Weg wählen',
  'enrolment.done': 'Sie sind angemeldet',

  'factors.title': 'Zweite Faktoren',
  'factors.about': 'Mit einem zweiten Faktor öffnet das Passwort allein Ihr Konto nicht.',
  'factors.back': 'Ihr Konto',
  'factors.link': 'Passkeys, Authenticator-App, Wiederherstellungscodes',
  'factors.on': 'Aktiv',
  'factors.added': 'hinzugefügt {date}',
  'factors.remove': 'Entfernen',
  'factors.removeWhich': '{name} entfernen',
  'factors.offer': 'Schützen Sie Ihr Konto',
  'factors.offer.about':
    'Mit einem Passkey oder einer Authenticator-App öffnet ein gestohlenes Passwort Ihr Konto nicht.',
  'factors.offer.submit': 'Zweiten Faktor einrichten',
  'factors.offer.later': 'Nicht jetzt',
  'factors.codes': 'Wiederherstellungscodes',
  'factors.codes.about':
    'Jeder öffnet Ihr Konto einmal anstelle Ihres Geräts, wenn Sie es verlieren.',
  'factors.codes.left.one': 'Sie haben noch 1 Wiederherstellungscode.',
  'factors.codes.left.other': 'Sie haben noch {left} Wiederherstellungscodes.',
  'factors.codes.few': 'Erzeugen Sie neue, bevor Sie sie brauchen.',
  'factors.codes.replace': 'Neue Codes erzeugen',
  'factors.codes.replace.about': 'Ihre bisherigen Codes gelten dann sofort nicht mehr.',
  'factors.codes.replace.submit': 'Codes ersetzen',
  'codes.title': 'Speichern Sie Ihre Wiederherstellungscodes',
  'codes.about':
    'Sie werden nur dieses eine Mal gezeigt. Drucken Sie sie aus oder bewahren Sie sie bei Ihren Passwörtern auf, aber nicht auf dem Gerät, das sie ersetzen. Jeder gilt einmal.',
  'codes.print': 'Drucken',
  'codes.done': 'Ich habe sie gespeichert',

  'totp.title': 'Authenticator-App',
  'totp.about':
    'Eine App auf Ihrem Telefon zeigt alle 30 Sekunden einen neuen Code aus sechs Ziffern.',
  'totp.begin': 'App einrichten',
  'totp.scan':
    'Scannen Sie das Bild mit Ihrer Authenticator-App und geben Sie dann den Code ein, den die App zeigt.',
  'totp.qr': 'QR-Code für Ihre Authenticator-App',
  'totp.open': 'App auf diesem Gerät öffnen',
  'totp.secret': 'Wenn die App keine Kamera hat, geben Sie in ihr diesen Schlüssel ein:',
  'totp.confirm': 'Aktivieren',
  'totp.remove.about': 'Die Codes der App öffnen Ihr Konto dann nicht mehr.',
  'totp.remove.submit': 'App entfernen',

  'passkeys.title': 'Passkeys',
  'passkeys.about':
    'Ihr Gerät oder Sicherheitsschlüssel meldet Sie mit Fingerabdruck, Gesicht oder PIN an, ohne Passwort.',
  'passkeys.add': 'Passkey hinzufügen',
  'passkeys.name': 'Name des Passkeys',
  'passkeys.name.hint': 'Damit Sie ihn wiedererkennen, etwa „blauer Sicherheitsschlüssel“.',
  'passkeys.used': 'zuletzt benutzt {date}',
  'passkeys.unused': 'nie benutzt',
  'passkeys.synced': 'kann auf mehreren Geräten sein',
  'passkeys.bound': 'bleibt auf einem Gerät',
  'passkeys.suspended':
    'Ausgesetzt, weil er kurz vor der Änderung Ihres Passworts hinzukam. Verwenden Sie ihn einmal als zweiten Faktor einer Anmeldung, dann genügt er wieder allein. Wenn er nicht Ihnen gehört, entfernen Sie ihn.',
  'passkeys.rename': 'Umbenennen',
  'passkeys.renameWhich': '{name} umbenennen',
  'passkeys.rename.submit': 'Namen speichern',
  'passkeys.remove.about':
    'Er öffnet Ihr Konto dann nicht mehr. Löschen Sie ihn auch auf Ihrem Gerät, sonst bietet es ihn weiter an.',
  'passkeys.remove.submit': 'Diesen Passkey entfernen',
  'passkey.use': 'Passkey verwenden',
  'passkey.known': 'Dieses Gerät hat schon einen Passkey für Ihr Konto.',
  'passkey.needsScript': 'Passkeys brauchen einen aktuellen Browser mit eingeschalteten Skripten.',
  'passkey.assertion.failed':
    'Es wurde kein Passkey verwendet. Versuchen Sie es noch einmal oder wählen Sie einen anderen Weg.',
  'passkey.attestation.failed':
    'Es wurde kein Passkey angelegt. Versuchen Sie es noch einmal oder wählen Sie einen anderen Weg.',

  'devices.title': 'Ihre eigenen Geräte',
  'devices.about': 'Diese Browser werden nicht nach dem zweiten Faktor gefragt.',
  'devices.since': 'seit {date}',
  'devices.until': 'bis {date}',
  'devices.end': 'Vergessen',
  'devices.endWhich': 'Vergessen: {device}, {address}',

  'activity.title': 'Aktivität',
  'activity.about':
    'Was in Ihrem Konto geschah. Waren Sie etwas davon nicht, ändern Sie das Passwort und beenden Sie alle Sitzungen.',
  'activity.of': 'Was im Konto {id} geschah.',
  'activity.back': 'Zur Person',
  'activity.none': 'Noch nichts.',
  'activity.older': 'Ältere Aktivität',
  'activity.times': '{count}-mal',
  'activity.other': 'Etwas anderes wurde geändert',
  'activity.by.administrator': 'durch einen Administrator',
  'activity.by.command-line': 'durch die Betreiber dieses Dienstes',
  'activity.by.key-holder': 'mit dem Schlüssel selbst',
  'activity.by.service': 'durch diesen Dienst',
  'activity.by.stranger': 'durch jemanden, der nicht angemeldet war',
  'activity.invitation_accepted': 'Die Einladung wurde angenommen',
  'activity.user_created': 'Das Konto wurde angelegt',
  'activity.name_changed': 'Der Name wurde geändert',
  'activity.account_erased': 'Das Konto wurde gelöscht',
  'activity.address_changed': 'Die E-Mail-Adresse wurde geändert',
  'activity.address_change_undone': 'Eine Änderung der E-Mail-Adresse wurde rückgängig gemacht',
  'activity.address_verified': 'Die E-Mail-Adresse wurde bestätigt',
  'activity.address_freed': 'Das Konto verlor seine unbestätigte E-Mail-Adresse an ihren Besitzer',
  'activity.identity_linked': 'Ein Anmeldedienst wurde verknüpft',
  'activity.identity_unlinked': 'Die Verknüpfung mit einem Anmeldedienst wurde gelöst',
  'activity.identity_suspended': 'Ein kürzlich verknüpfter Anmeldedienst wurde ausgesetzt',
  'activity.identity_suspension_lifted': 'Ein ausgesetzter Anmeldedienst ist wieder nutzbar',
  'activity.consent_given': 'Einer App wurde erlaubt, worum sie bat',
  'activity.consent_withdrawn': 'Einer App wurde der Zugriff entzogen',
  'activity.authn_login_success': 'Angemeldet',
  'activity.authn_app_login': 'Bei einer App angemeldet',
  'activity.authn_login_fail': 'Ein falsches Passwort wurde versucht',
  'activity.authn_code_fail': 'Ein falscher Code wurde versucht',
  'activity.authn_factor_fail': 'Ein falscher zweiter Faktor wurde versucht',
  'activity.authn_password_change_fail': 'Eine Änderung des Passworts wurde abgelehnt',
  'activity.authn_factor_added': 'Ein zweiter Faktor wurde hinzugefügt',
  'activity.authn_factor_removed': 'Ein zweiter Faktor wurde entfernt',
  'activity.authn_factors_removed': 'Alle zweiten Faktoren wurden entfernt',
  'activity.authn_factors_removal_cancelled': 'Das Entfernen der zweiten Faktoren wurde gestoppt',
  'activity.authn_passkeys_suspended': 'Kürzlich hinzugefügte Passkeys wurden ausgesetzt',
  'activity.authn_passkey_suspension_lifted': 'Ein ausgesetzter Passkey ist wieder nutzbar',
  'activity.authn_passkey_renamed': 'Ein Passkey wurde umbenannt',
  'activity.authn_recovery_code_used': 'Ein Wiederherstellungscode wurde benutzt',
  'activity.authn_recovery_codes_replaced': 'Neue Wiederherstellungscodes wurden erstellt',
  'activity.authn_step_up': 'Die Anmeldung wurde bestätigt',
  'activity.authn_device_trusted': 'Einem Gerät wurde vertraut',
  'activity.authn_device_ended': 'Einem Gerät wird nicht mehr vertraut',
  'activity.authn_logout': 'Abgemeldet',
  'activity.authn_session_ended': 'Eine Sitzung wurde beendet',
  'activity.authn_sessions_ended': 'Alle Sitzungen wurden beendet',
  'activity.authn_password_change': 'Das Passwort wurde geändert',
  'activity.authn_password_reset': 'Das Passwort wurde per E-Mail zurückgesetzt',
  'activity.account_taken_over': 'Der Besitzer des Postfachs hat das Konto übernommen',
  'activity.authn_token_reuse': 'Eine gestohlene oder kopierte Sitzung wurde beendet',
  'activity.authn_token_revoked': 'Eine Sitzung oder ein Schlüssel wurde widerrufen',
  'activity.sensitive_create': 'Ein API-Schlüssel wurde erstellt',
  'activity.sensitive_update': 'Ein API-Schlüssel wurde geändert',
  'activity.sensitive_rotate': 'Ein API-Schlüssel bekam ein neues Geheimnis',
  'activity.sensitive_delete': 'Ein API-Schlüssel wurde gelöscht',
  'activity.sensitive_leak': 'Ein API-Schlüssel wurde öffentlich gefunden',
  'activity.api_key_suspended': 'Ein kürzlich erstellter API-Schlüssel wurde ausgesetzt',
  'activity.api_key_suspension_lifted': 'Ein ausgesetzter API-Schlüssel ist wieder nutzbar',
  'activity.client_registered': 'Eine App wurde registriert',
  'activity.client_changed': 'Eine App wurde geändert',
  'activity.client_secret_rotated': 'Eine App bekam ein neues Geheimnis',
  'activity.client_removed': 'Eine App wurde entfernt',
  'activity.client_suspended': 'Eine kürzlich registrierte App wurde ausgesetzt',
  'activity.client_suspension_lifted': 'Eine ausgesetzte App ist wieder nutzbar',
  'activity.act.create': 'Das Konto wurde angelegt',
  'activity.act.import': 'Das Konto wurde von einem anderen Dienst übernommen',
  'activity.act.invite': 'Eine Einladung wurde gesendet',
  'activity.act.resend_invitation': 'Die Einladung wurde erneut gesendet',
  'activity.act.withdraw_invitation': 'Die Einladung wurde zurückgezogen',
  'activity.act.role.admin': 'Das Konto bekam die Rechte eines Administrators',
  'activity.act.role.user': 'Das Konto verlor die Rechte eines Administrators',
  'activity.act.status.active': 'Das Konto wurde freigegeben',
  'activity.act.status.disabled': 'Das Konto wurde deaktiviert',
  'activity.act.end_sessions': 'Alle Sitzungen wurden beendet',
  'activity.act.delete': 'Das Konto wurde gelöscht',
  'activity.act.enable_identity': 'Ein ausgesetzter Anmeldedienst ist wieder nutzbar',
  'activity.act.release_address': 'Die E-Mail-Adresse wurde freigegeben',
  'activity.act.give_address': 'Das Konto bekam eine andere E-Mail-Adresse',
  'activity.act.verify_address': 'Die E-Mail-Adresse wurde bestätigt',
  'activity.act.offer_password': 'Ein Link für ein neues Passwort wurde verschickt',
  'activity.act.begin_factors_removal': 'Das Entfernen aller zweiten Faktoren begann',
  'activity.act.take_back_factors_removal': 'Das Entfernen der zweiten Faktoren wurde gestoppt',
  'activity.act.confirm_factors_removal': 'Das Entfernen der zweiten Faktoren wurde bestätigt',
  'activity.act.remove_factors': 'Alle zweiten Faktoren wurden entfernt',
  'activity.act.unlock_factors': 'Einmalpasswörter sind wieder erlaubt',

  'sessions.title': 'Sitzungen',
  'sessions.about':
    'Wo Sie angemeldet sind. Beenden Sie, was Sie nicht kennen, und ändern Sie Ihr Passwort.',
  'sessions.current': 'Diese hier',
  'sessions.device': '{browser} auf {system}',
  'sessions.device.unknown': 'Unbekanntes Gerät',
  'sessions.used': 'zuletzt benutzt {date}',
  'sessions.began': 'angemeldet {date}',
  'sessions.replayed':
    'Ein weiteres Programm hat diese Sitzung am {date} benutzt: {device}, {address}. Wenn Sie es nicht kennen, beenden Sie die Sitzung.',
  'sessions.end': 'Beenden',
  'sessions.endWhich': 'Sitzung beenden: {device}, {address}',
  'sessions.endAll': 'Alle Sitzungen beenden',
  'sessions.endAll.about': 'Das meldet Sie auch hier ab.',
  'sessions.more': 'Und {count} weitere, die davor benutzt wurden.',

  'keys.title': 'API-Schlüssel',
  'keys.about': 'Für Programme, die die API in Ihrem Namen aufrufen.',
  'keys.none': 'Noch keine Schlüssel',
  'keys.none.about':
    'Ein Schlüssel lässt ein Programm ohne Ihr Passwort herein. Legen Sie unten den ersten an.',
  'keys.list': 'Ihre Schlüssel',
  'keys.active': 'Aktiv',
  'keys.disabled': 'Gesperrt',
  'keys.suspended': 'Ausgesetzt',
  'keys.expired': 'Abgelaufen',
  'keys.leaked': 'Öffentlich gesehen',
  'keys.used': 'zuletzt benutzt {date}',
  'keys.unused': 'nie benutzt',
  'keys.expires': 'läuft ab am {date}',
  'keys.expiresNever': 'läuft nicht ab',
  'keys.create': 'Schlüssel anlegen',
  'keys.create.submit': 'Schlüssel anlegen',
  'keys.name': 'Name',
  'keys.name.hint': 'Wofür er ist, etwa „Rechnungsexport“.',
  'keys.scopes': 'Berechtigungen',
  'keys.expiry': 'Läuft ab',
  'keys.expiry.30': 'in 30 Tagen',
  'keys.expiry.90': 'in 90 Tagen',
  'keys.expiry.365': 'in einem Jahr',
  'keys.expiry.never': 'nie',
  'keys.limits': 'Grenzen',
  'keys.rateLimit': 'Ratenbegrenzung',
  'keys.rateLimit.hint':
    'Wie viele Aufrufe der Schlüssel in der Zeit darunter machen darf. Leer: unbegrenzt.',
  'keys.window': 'In',
  'keys.window.1': 'einer Sekunde',
  'keys.window.60': 'einer Minute',
  'keys.window.3600': 'einer Stunde',
  'keys.window.86400': 'einem Tag',
  'keys.window.other': '{seconds} Sekunden',
  'keys.quota': 'Monatliches Kontingent',
  'keys.quota.hint': 'Aufrufe in einem Kalendermonat. Leer: kein Kontingent.',
  'keys.ranges': 'Adressbereiche',
  'keys.ranges.hint':
    'Von wo der Schlüssel gilt, etwa 192.0.2.0/24 2001:db8::/32. Leer: von überall.',
  'keys.try': 'Ausprobieren:',
  'keys.try.label': 'Ein Beispielaufruf',
  'keys.shown': 'Kopieren Sie Ihren Schlüssel jetzt',
  'keys.shown.about':
    'Er wird nur dieses eine Mal gezeigt: Der Dienst behält einen Hash und nicht den Schlüssel. Bewahren Sie ihn auf wie ein Passwort.',
  'keys.shown.label': 'Der Schlüssel',
  'keys.copy': 'Kopieren',
  'keys.copied': 'Kopiert',
  'keys.copyFailed': 'Markieren und von Hand kopieren',
  'keys.shown.done': 'Ich habe ihn gespeichert',

  'key.back': 'Alle Schlüssel',
  'key.id': 'Schlüssel-ID',
  'key.begins': 'Schlüsselpräfix',
  'key.scopes': 'Berechtigungen',
  'key.created': 'Angelegt',
  'key.expires': 'Läuft ab',
  'key.used': 'Zuletzt benutzt',
  'key.never': 'Nie',
  'key.limit': 'Ratenbegrenzung',
  'key.limit.value': '{limit} in {seconds} s',
  'key.quota': 'Monatliches Kontingent',
  'key.oldSecret': 'Altes Geheimnis gilt bis',
  'key.leaked': 'Dieser Schlüssel wurde öffentlich gesehen. Erneuern Sie ihn.',
  'key.calls': 'Aufrufe am Tag',
  'key.calls.summary':
    'Aufrufe am Tag in den letzten 30 Tagen: {total} insgesamt, {most} am stärksten Tag.',
  'key.calls.refused': '{count} wurden abgewiesen.',
  'key.calls.none': 'Keine Aufrufe in den letzten 30 Tagen.',
  'key.ranges': 'Adressbereiche',
  'key.settings': 'Einstellungen',
  'key.settings.submit': 'Änderungen speichern',
  'key.suspended.service':
    'Dieser Schlüssel ist ausgesetzt: Er wurde kurz vor der Änderung des Passworts angelegt. Geben Sie ihn frei, wenn Sie ihn angelegt haben.',
  'key.suspended.administrator':
    'Ein Administrator hat diesen Schlüssel ausgesetzt. Bitten Sie einen, ihn freizugeben.',
  'key.enable.about':
    'Programme mit diesem Schlüssel können ihn dann wieder benutzen. Geben Sie ihn nur frei, wenn Sie ihn angelegt haben.',
  'key.enable.submit': 'Diesen Schlüssel freigeben',
  'key.rotate': 'Erneuern',
  'key.rotate.about':
    'Macht ein neues Geheimnis. Das alte gilt noch eine Weile, damit nichts stehen bleibt.',
  'key.rotate.overlap': 'Das alte gilt noch',
  'key.rotate.0': 'gar nicht',
  'key.rotate.3600': 'eine Stunde',
  'key.rotate.86400': 'einen Tag',
  'key.rotate.604800': 'eine Woche',
  'key.rotate.submit': 'Neues Geheimnis machen',
  'key.disable': 'Sperren',
  'key.enable': 'Freigeben',
  'key.delete': 'Löschen',
  'key.delete.about':
    'Was diesen Schlüssel benutzt, geht binnen einer halben Minute nicht mehr. Das lässt sich nicht rückgängig machen.',
  'key.delete.submit': 'Diesen Schlüssel löschen',
  'key.events': 'Verlauf',
  'key.event.created': 'Angelegt',
  'key.event.updated': 'Geändert',
  'key.event.rotated': 'Erneuert',
  'key.event.revoked': 'Vom Inhaber aufgegeben',
  'key.event.leaked': 'Öffentlich gesehen',
  'key.event.suspended': 'Ausgesetzt',
  'key.event.lifted': 'Wieder freigegeben',

  'clients.title': 'Apps, die Benutzer anmelden',
  'clients.about':
    'Sie schicken Benutzer zur Anmeldung hierher, als Clients von OAuth und OpenID Connect.',
  'clients.none': 'Noch keine Apps',
  'clients.none.about': 'Registrieren Sie unten die erste.',
  'clients.list': 'Registrierte Apps',
  'clients.back': 'Alle Apps',
  'clients.register': 'App registrieren',
  'clients.register.submit': 'Registrieren',
  'clients.name': 'Name',
  'clients.name.hint': 'So heißt die App für die Benutzer.',
  'clients.redirectUris': 'Redirect-URIs',
  'clients.redirectUris.hint':
    'Wohin die Antworten gehen dürfen, je eine Zeile, etwa https://orders.example.com/callback.',
  'clients.postLogout': 'Nach dem Abmelden',
  'clients.postLogout.hint': 'Wo eine Abmeldung enden darf, je eine Zeile.',
  'clients.uri.refused':
    '{uri} geht nicht. Geben Sie eine URI mit https an, mit http auf diesem Rechner, oder mit einem Schema der App, das einen Punkt hat, so wie ein Browser sie zeigt, ohne Fragment und ohne Platzhalter.',
  'clients.firstParty':
    'Sie ist eine unserer eigenen: Benutzer werden nicht gefragt, ob sie Zugang haben darf',
  'clients.firstParty.badge': 'eine eigene',
  'clients.public': 'öffentlich, ohne Geheimnis',
  'clients.public.choose':
    'Sie kann kein Geheimnis bewahren, etwa als App im Browser oder auf einem Telefon',
  'clients.confidential': 'mit Geheimnis',
  'clients.apis': 'APIs, um die sie bitten darf; alle, wenn Sie keine wählen',
  'clients.apis.fact': 'Darf bitten um',
  'clients.scopes': 'Berechtigungen',
  'clients.issuer': 'Aussteller',
  'clients.kind': 'Art',
  'clients.secretSince': 'Geheimnis vom',
  'clients.registered': 'Registriert',
  'clients.declared': 'Diese App steht in den Einstellungen des Dienstes und ändert sich nur dort.',
  'clients.declared.badge': 'in den Einstellungen',
  'clients.shown': 'Kopieren Sie das Geheimnis jetzt',
  'clients.shown.about':
    'Es wird nur dieses eine Mal gezeigt: Der Dienst behält einen Hash und nicht das Geheimnis. Legen Sie es dort ab, wo die App ihre Geheimnisse liest.',
  'clients.shown.label': 'Das Geheimnis der App',
  'clients.suspended': 'Ausgesetzt',
  'clients.suspended.about':
    'Diese App ist ausgesetzt: Sie wurde kurz vor dem neuen Passwort ihres Administrators registriert. Niemand kann sich bei ihr anmelden. Geben Sie sie frei, wenn dieser Administrator sie gemacht hat.',
  'clients.enable': 'Freigeben',
  'clients.enable.about':
    'Benutzer können sich wieder bei dieser App anmelden, und sie erhält Token.',
  'clients.enable.submit': 'Diese App freigeben',
  'clients.remove': 'Entfernen',
  'clients.remove.about':
    'Niemand kann sich mehr bei dieser App anmelden, und ihre Sitzungen enden. Das lässt sich nicht rückgängig machen.',
  'clients.remove.submit': 'Diese App entfernen',

  'invitations.title': 'Einladungen',
  'invitations.page.about':
    'Menschen, die per E-Mail eingeladen sind und noch kein Konto angelegt haben.',
  'invitations.open': 'Offene Einladungen',
  'invitations.none': 'Es gibt keine.',
  'invitations.more': 'Weitere Einladungen',
  'invitations.invite': 'Jemanden einladen',
  'invitations.about':
    'Die Person erhält eine E-Mail mit einem Link, der 24 Stunden gilt. Die Einladung ist sieben Tage offen.',
  'invitations.asAdmin': 'Als Administrator',
  'invitations.submit': 'Einladung senden',
  'invitations.until': 'Offen bis',
  'invitations.resend': 'Erneut senden',
  'invitations.resend.which': 'Die Einladung an {email} erneut senden',
  'invitations.withdraw': 'Zurückziehen',
  'invitations.withdraw.which': 'Die Einladung an {email} zurückziehen',

  'users.title': 'Benutzer',
  'users.about':
    'Finden Sie einen Benutzer über den Anfang der E-Mail-Adresse oder die Benutzer-ID.',
  'users.find': 'Finden',
  'users.list': 'Liste der Benutzer',
  'users.found': 'Gefundene Benutzer',
  'users.none': 'Es gibt keine.',
  'users.all': 'Alle',
  'users.more': 'Weitere Benutzer',
  'users.lastSignIn': 'Letzte Anmeldung',
  'users.lastSignIn.unknown': 'nicht bekannt',
  'users.sessions': 'Sitzungen dieses Benutzers',
  'users.sessions.none': 'Dieser Benutzer ist nirgends angemeldet.',
  'users.keys': 'API-Schlüssel dieses Benutzers',
  'users.keys.none': 'Dieser Benutzer hat keine API-Schlüssel.',
  'users.active': 'Aktiv',
  'users.disabled': 'Gesperrt',
  'email.verified': 'bestätigt',
  'email.unverified': 'nicht bestätigt',
  'email.none': 'keine Adresse',
  'email.change': 'Ändern',
  'email.change.title': 'E-Mail-Adresse',
  'email.change.new': 'Andere Adresse',
  'email.change.about':
    'Die neue Adresse erhält eine E-Mail mit einem Code. Bis Sie ihn hier eingeben, ändert sich nichts. Danach sind Sie überall abgemeldet, nur hier nicht, und Ihre alte Adresse erhält eine E-Mail, mit der sich die Änderung sieben Tage lang rückgängig machen lässt.',
  'email.change.current': 'Ihre jetzige Adresse',
  'email.change.submit': 'Code senden',
  'email.change.same': 'Diese Adresse hat Ihr Konto schon.',
  'email.change.code': 'Code eingeben',
  'email.change.sent':
    'Wir haben eine E-Mail an {email} gesendet. Wenn keine da ist, sehen Sie im Spam-Ordner nach. Die Adresse eines anderen Kontos erhält keinen Code.',
  'email.change.confirm': 'Adresse ändern',
  'email.verify': 'E-Mail zur Bestätigung senden',
  'email.none.about':
    'Ohne Adresse können Sie sich nicht mit einem Passwort anmelden. Bitten Sie einen Administrator, Ihrem Konto eine zu geben.',
  'users.signIn': 'Meldet sich an mit',
  'users.signIn.password': 'Passwort',
  'users.signIn.nothing': 'nichts',
  'users.factors.none': 'keiner',
  'users.factors.passkey': 'Passkey',
  'users.factors.totp': 'Authenticator-App',
  'users.factors.recovery-code': 'Wiederherstellungscodes',
  'users.self': 'Das sind Sie. Ein anderer Administrator kann Sie sperren oder Ihre Rolle ändern.',
  'users.promote': 'Zum Administrator machen',
  'users.promote.about':
    'Administratoren können Benutzer sperren, Rollen ändern und alle API-Schlüssel verwalten.',
  'users.promote.submit': 'Diesen Benutzer zum Administrator machen',
  'users.demote': 'Zum Benutzer machen',
  'users.disable': 'Sperren',
  'users.disable.about':
    'Er wird überall abgemeldet und kann sich nicht mehr anmelden; seine Schlüssel gelten nicht mehr.',
  'users.disable.submit': 'Diesen Benutzer sperren',
  'users.enable': 'Freigeben',
  'users.endSessions': 'Alle Sitzungen beenden',
  'users.offerPassword': 'Passwort-Link senden',
  'users.verifyAddress': 'Adresse bestätigen',
  'users.verifyAddress.about':
    'Sie gilt dann als nachgewiesen, auch für andere Apps. Wer das Konto angelegt hat, behält Passwort, Sitzungen und Schlüssel; seien Sie sich dieser Person sicher. Sie wird per E-Mail benachrichtigt.',
  'users.verifyAddress.submit': 'Diese Adresse bestätigen',
  'users.locked':
    'Nach 100 falschen Codes in Folge gilt die Authenticator-App dieses Benutzers nicht mehr. Ein Passkey oder ein Wiederherstellungscode gilt weiterhin.',
  'users.unlock': 'Authenticator-App wieder zulassen',
  'users.removal': 'Verlorene zweite Faktoren entfernen',
  'users.removal.about':
    'Für einen Benutzer, der sie verloren hat: Vergewissern Sie sich, dass er selbst Sie darum bittet. Authenticator-App, Passkeys und Wiederherstellungscodes werden entfernt, und er wird überall abgemeldet. Der Benutzer erhält eine E-Mail und kann sie mit deren Link behalten.',
  'users.removal.when.user':
    'Es wird bei seiner ersten Anmeldung nach 24 Stunden wirksam, oder sofort, wenn ein weiterer Administrator, der es seit mehr als sieben Tagen ist, es hier bestätigt.',
  'users.removal.when.admin':
    'Bei einem Administrator, auch einem der letzten sieben Tage, wird es nach 24 Stunden wirksam, und nur, wenn ein weiterer Administrator, der es seit mehr als sieben Tagen ist, es hier bestätigt. Die Befehlszeile tut es sofort.',
  'users.removal.submit': 'Entfernen beginnen',
  'users.removal.pending.user':
    'Ein Administrator hat begonnen, die zweiten Faktoren dieses Benutzers zu entfernen. Es wird bei seiner ersten Anmeldung nach {time} wirksam, oder wenn ein weiterer Administrator es bestätigt.',
  'users.removal.pending.admin':
    'Ein Administrator hat begonnen, die zweiten Faktoren dieses Benutzers zu entfernen. Es wird bei seiner ersten Anmeldung nach {time} wirksam, wenn ein weiterer Administrator es bestätigt.',
  'users.removal.confirmed': 'Ein weiterer Administrator hat es bestätigt.',
  'users.removal.told':
    'Der Benutzer hat eine E-Mail erhalten und kann sie mit deren Link behalten.',
  'users.removal.untold':
    'Der Benutzer hat keine E-Mail erhalten, weil dieser Dienst keine sendet oder das Konto keine Adresse hat.',
  'users.removal.confirm': 'Entfernen bestätigen',
  'users.removal.confirm.about':
    'Bestätigen Sie es nur, wenn auch Sie sich vergewissert haben, dass der Benutzer selbst darum bittet. Er wird überall abgemeldet, und seine nächste Anmeldung braucht keinen zweiten Faktor.',
  'users.removal.confirm.submit': 'Entfernen bestätigen',
  'users.removal.takeBack': 'Entfernen zurücknehmen',
  'users.releaseAddress': 'Adresse entziehen',
  'users.releaseAddress.about':
    'Ein anderes Konto kann sie dann haben, und dieser Benutzer wird überall abgemeldet. 30 Tage lang führen die alte Adresse und das Passwort zur Wahl einer anderen.',
  'users.releaseAddress.submit': 'Diese Adresse entziehen',
  'users.delete': 'Konto löschen',
  'users.delete.about':
    'Alles, was über diesen Benutzer gespeichert ist, wird gelöscht, und er wird überall abgemeldet. Seine Apps, API-Schlüssel und Passkeys funktionieren nicht mehr, und seine Adresse ist sofort frei. Das lässt sich nicht rückgängig machen.',
  'users.delete.submit': 'Endgültig löschen',
  'users.delete.admin':
    'Das Konto eines Administrators, auch eines früheren, löscht die Kommandozeile.',

  'done.SIGNED_OUT': 'Sie sind abgemeldet.',
  'done.SESSIONS_ENDED': 'Alle Ihre Sitzungen sind beendet.',
  'done.SESSION_ENDED': 'Die Sitzung ist beendet.',
  'done.READDRESSED': 'Ihr Konto hat eine neue Adresse. Melden Sie sich mit ihr an.',
  'done.NAME_CHANGED': 'Ihr Name ist geändert.',
  'done.ACCOUNT_DELETED': 'Ihr Konto ist gelöscht.',
  'done.PASSWORD_CHANGED': 'Ihr Passwort ist geändert. Alle anderen Sitzungen sind beendet.',
  'done.EMAIL_CHANGED': 'Ihre E-Mail-Adresse ist geändert. Alle anderen Sitzungen sind beendet.',
  'done.EMAIL_CHANGE_UNDONE':
    'Ihre alte Adresse ist zurück. Melden Sie sich damit an. Wenn jemand anders Ihr Passwort kennt, legen Sie ein neues fest.',
  'done.ENROLMENT_MAILED':
    'Ihr Konto braucht einen zweiten Faktor. Geben Sie zuerst den Code aus der E-Mail ein und richten Sie ihn dann ein.',
  'done.INVITED':
    'Die Einladung ist unterwegs. Links früherer E-Mails an diese Adresse gelten nicht mehr.',
  'done.INVITATION_WITHDRAWN': 'Die Einladung ist zurückgezogen.',
  'done.INVITATION_ACCEPTED': 'Willkommen. Ihr Konto ist bereit.',
  'done.FACTORS_KEPT': 'Ihre zweiten Faktoren bleiben. Es wurde nichts entfernt.',
  'done.EMAIL_VERIFIED': 'Ihre E-Mail-Adresse ist bestätigt.',
  'done.ACCOUNT_DISOWNED':
    'Das Konto ist jetzt Ihres und leer. Um es zu benutzen, legen Sie mit „Passwort vergessen?“ ein Passwort fest.',
  'done.PASSWORD_RESET': 'Ihr Passwort ist festgelegt. Melden Sie sich damit an.',
  'done.IDENTITY_ENABLED': 'Die Identität ist freigegeben.',
  'done.IDENTITY_UNLINKED': 'Die Verknüpfung ist gelöst.',
  'done.CONSENT_WITHDRAWN': 'Die App hat keinen Zugang zu Ihrem Konto mehr.',
  'done.STEPPED_UP': 'Danke. Jetzt können Sie Ihre Änderung vornehmen.',
  'done.FACTOR_ADDED': 'Der zweite Faktor ist hinzugefügt.',
  'done.FACTOR_REMOVED': 'Der zweite Faktor ist entfernt.',
  'done.PASSKEY_RENAMED': 'Der Passkey hat einen neuen Namen.',
  'done.DEVICE_ENDED': 'Das Gerät wird wieder nach dem zweiten Faktor gefragt.',
  'done.KEY_CHANGED': 'Der Schlüssel ist geändert.',
  'done.KEY_DISABLED': 'Der Schlüssel ist gesperrt.',
  'done.KEY_ENABLED': 'Der Schlüssel ist freigegeben.',
  'done.KEY_DELETED': 'Der Schlüssel ist gelöscht.',
  'done.CLIENT_REGISTERED': 'Die App ist registriert.',
  'done.CLIENT_CHANGED': 'Die App ist geändert.',
  'done.CLIENT_ENABLED': 'Die App ist freigegeben.',
  'done.CLIENT_REMOVED': 'Die App ist entfernt.',
  'done.PASSWORD_OFFERED': 'Eine E-Mail mit einem Link geht an den Benutzer.',
  'done.USER_CHANGED': 'Der Benutzer ist geändert.',
  'done.USER_DELETED': 'Das Konto ist gelöscht.',
  'done.USER_SESSIONS_ENDED': 'Alle Sitzungen des Benutzers sind beendet.',

  'error.ACCESS_DENIED': 'Sie haben dem Anbieter nicht erlaubt, Sie anzumelden.',
  'error.SIGN_IN_EXPIRED':
    'Diese Anmeldung hat zu lange gedauert, begann in einem anderen Browser, oder Ihr Browser hat ihr Cookie nicht behalten. Versuchen Sie es noch einmal.',
  'error.SIGN_IN_REQUIRED': 'Melden Sie sich erst an und verknüpfen Sie dann.',
  'error.RECENT_SIGN_IN_REQUIRED':
    'Zu Ihrer Sicherheit: Melden Sie sich noch einmal an, bevor Sie dies ändern.',
  'error.PROVIDER_UNAVAILABLE':
    'Der Anbieter antwortet nicht. Versuchen Sie es später, oder melden Sie sich anders an.',
  'error.PROVIDER_ERROR':
    'Der Antwort des Anbieters ist nicht zu trauen. Versuchen Sie es noch einmal, oder melden Sie sich anders an.',
  'error.EMAIL_MISSING':
    'Der Anbieter hat keine E-Mail-Adresse genannt. Erlauben Sie es ihm, oder melden Sie sich anders an.',
  'error.EMAIL_UNSUPPORTED':
    'Der Anbieter hat eine E-Mail-Adresse genannt, die ein Konto hier nicht haben kann. Verwenden Sie dort eine andere, oder melden Sie sich anders an.',
  'error.EMAIL_UNVERIFIED':
    'Der Anbieter hat Ihre E-Mail-Adresse nicht bestätigt. Bestätigen Sie sie dort und versuchen Sie es dann noch einmal.',
  'error.ACCOUNT_EXISTS':
    'Es gibt ein Konto mit Ihrer E-Mail-Adresse. Melden Sie sich an wie bisher und verknüpfen Sie dann dort den Anbieter.',
  'error.EMAIL_VERIFICATION_REQUIRED':
    'Ihr Konto hat keine Adresse, die sich per E-Mail bestätigen ließe. Bitten Sie einen Administrator, ihm eine zu geben.',
  'error.SECOND_FACTOR_ENROLMENT_REQUIRED':
    'Ihr Konto braucht einen zweiten Faktor und hat keine Adresse, die sich per E-Mail bestätigen ließe. Bitten Sie einen Administrator, ihm eine zu geben.',
  'error.SIGN_UP_CLOSED':
    'Sie können hier nicht selbst ein Konto anlegen. Wenn Sie eines haben, melden Sie sich an wie bisher; sonst fragen Sie einen Administrator.',
  'error.ACCOUNT_DISABLED': 'Dieses Konto ist gesperrt. Fragen Sie einen Administrator.',
  'error.IDENTITY_SUSPENDED':
    'Diese Identität ist ausgesetzt, weil sie kurz vor der Änderung des Passworts verknüpft wurde. Melden Sie sich mit Ihrem Passwort an und geben Sie sie auf Ihrer Kontoseite frei.',
  'error.IDENTITY_TAKEN':
    'Diese Identität ist mit einem anderen Konto verknüpft. Lösen Sie sie dort zuerst.',
  'error.TOO_MANY_IDENTITIES':
    'Ihr Konto hat so viele Identitäten, wie es haben darf. Lösen Sie zuerst eine.',
  'error.TEMPORARILY_UNAVAILABLE':
    'Bei uns funktioniert gerade etwas nicht. Versuchen Sie es gleich noch einmal.',
  'error.SESSION_ENDED': 'Ihre Sitzung ist beendet. Melden Sie sich an, um fortzufahren.',
  'error.COOKIE_MISSING':
    'Ihr Browser hat das Cookie nicht behalten, das Sie angemeldet hält. Erlauben Sie Cookies für diese Seite und melden Sie sich noch einmal an.',

  'problem.title': 'Das hat nicht geklappt',
  'problem.title.403': 'Kein Zugriff',
  'problem.title.404': 'Seite nicht gefunden',
  'problem.title.429': 'Bitte warten Sie einen Moment',
  'problem.title.503': 'Gerade nicht verfügbar',
  'problem.back': 'Zurück',
  'problem.again': 'Noch einmal versuchen',
  'problem.home': 'Zu Ihrem Konto',
  'problem.toApp': 'Zurück zur App bei {place}',
  'problem.NOT_FOUND': 'Unter dieser Adresse gibt es keine Seite.',
  'problem.METHOD_NOT_ALLOWED': 'Diese Adresse zeigt keine Seite.',
  'problem.INVALID_CREDENTIALS': 'E-Mail-Adresse oder Passwort ist falsch.',
  'problem.PASSWORD_CHANGE_REQUIRED':
    'Dieses Passwort wurde für Sie gewählt. Geben Sie es noch einmal ein und wählen Sie ein eigenes.',
  'problem.PASSWORD_CHANGE_UNNEEDED':
    'Sie haben schon ein eigenes Passwort. Melden Sie sich damit an.',
  'problem.WRONG_PASSWORD': 'Das bisherige Passwort ist falsch.',
  'problem.SIGN_UP_CLOSED':
    'Sie können hier nicht selbst ein Konto anlegen. Wenn Sie eines haben, melden Sie sich an wie bisher; sonst fragen Sie einen Administrator.',
  'problem.EMAIL_TAKEN': 'Es gibt schon ein Konto mit dieser Adresse.',
  'problem.RATE_LIMITED': 'Zu viele Versuche. Versuchen Sie es in {minutes} Minuten noch einmal.',
  'problem.RATE_LIMITED.minute': 'Zu viele Versuche. Versuchen Sie es in einer Minute noch einmal.',
  'problem.BUSY': 'Gerade melden sich viele an. Versuchen Sie es gleich noch einmal.',
  'problem.STORE_UNAVAILABLE':
    'Bei uns funktioniert gerade etwas nicht. Versuchen Sie es gleich noch einmal.',
  'problem.REFRESH_CONFLICT':
    'Ein anderes Fenster hat Ihre Sitzung gerade erneuert. Versuchen Sie es gleich noch einmal.',
  'problem.FOREIGN_ORIGIN': 'Das kam von einer anderen Website, darum geschah nichts.',
  'problem.FORBIDDEN':
    'Diese Seite ist für Administratoren. Fragen Sie einen davon, wenn Sie sie brauchen.',
  'problem.API_KEY_RESTRICTED':
    'Ein Administrator hat diesen Schlüssel eingeschränkt. Bitten Sie einen, ihn zu ändern.',
  'problem.SCOPE_RESERVED': 'Das dürfen Schlüsseln nur Administratoren erlauben.',
  'problem.TOO_MANY_KEYS':
    'Sie haben so viele Schlüssel, wie Sie haben dürfen. Löschen Sie zuerst einen.',
  'problem.API_KEY_NOT_FOUND': 'Diesen Schlüssel gibt es nicht.',
  'problem.SESSION_NOT_FOUND': 'Diese Sitzung ist schon beendet.',
  'problem.IDENTITY_NOT_FOUND': 'Diese Identität ist nicht mehr verknüpft.',
  'problem.LAST_SIGN_IN_METHOD':
    'Das ist Ihr letzter Weg, sich anzumelden. Legen Sie zuerst ein Passwort fest, oder verknüpfen Sie eine andere Identität.',
  'problem.USER_NOT_FOUND': 'Diesen Benutzer gibt es nicht.',
  'problem.OWN_ACCOUNT':
    'Sie können sich nicht selbst sperren oder Ihre eigene Rolle abgeben. Ein anderer Administrator kann es.',
  'problem.EMAIL_VERIFICATION_REQUIRED':
    'Ihr Konto hat keine Adresse, die sich per E-Mail bestätigen ließe. Bitten Sie einen Administrator, ihm eine zu geben.',
  'problem.SECOND_FACTOR_ENROLMENT_REQUIRED':
    'Ihr Konto braucht einen zweiten Faktor und hat keine Adresse, die sich per E-Mail bestätigen ließe. Bitten Sie einen Administrator, ihm eine zu geben.',
  'problem.ADMIN_ACCOUNT':
    'Dies ist das Konto eines Administrators oder war es bis vor Kurzem. Nur die Befehlszeile kann das für dieses Konto tun.',
  'problem.FACTOR_INVALID':
    'Das hat nicht bewiesen, dass Sie es sind. Versuchen Sie es noch einmal oder wählen Sie einen anderen Weg.',
  'problem.FACTOR_NOT_FOUND': 'Diesen zweiten Faktor gibt es nicht mehr.',
  'problem.FACTOR_EXISTS': 'Ihr Konto hat schon eine Authenticator-App. Entfernen Sie sie zuerst.',
  'problem.LAST_FACTOR':
    'Ihr Konto muss einen zweiten Faktor behalten. Fügen Sie einen anderen hinzu, bevor Sie diesen entfernen.',
  'problem.PASSKEY_TAKEN': 'Dieser Passkey gehört schon zu einem Konto. Legen Sie einen neuen an.',
  'problem.TOO_MANY_PASSKEYS':
    'Sie haben so viele Passkeys, wie erlaubt sind. Entfernen Sie zuerst einen.',
  'problem.PASSKEY_SUSPENDED':
    'Dieser Passkey kam kurz vor der Änderung des Passworts hinzu. Melden Sie sich zuerst mit Ihrem Passwort an und verwenden Sie dann den Passkey.',
  'problem.PASSKEYS_OFF': 'Dieser Dienst nimmt keine Passkeys an.',
  'problem.DEVICE_NOT_FOUND': 'Dieses Gerät wird schon nach dem zweiten Faktor gefragt.',
  'problem.OWN_FACTORS':
    'Das sind Ihre eigenen zweiten Faktoren. Entfernen Sie sie auf Ihrer Kontoseite, oder bitten Sie einen anderen Administrator.',
  'problem.FACTORS_REMOVAL_NOT_FOUND':
    'Es wird nichts entfernt: Es wurde zurückgenommen, oder die zweiten Faktoren haben sich geändert.',
  'problem.SECOND_ADMINISTRATOR_REQUIRED':
    'Ein weiterer Administrator muss das bestätigen, oder es müssen 24 Stunden vergehen.',
  'problem.ADMINISTRATOR_TOO_NEW':
    'Dafür braucht es zwei Personen, die seit mehr als sieben Tagen Administratoren sind.',
  'problem.NO_ADDRESS': 'Dieses Konto hat keine E-Mail-Adresse.',
  'problem.MAIL_NOT_CONFIGURED':
    'Dieser Dienst versendet keine E-Mails. Bitten Sie einen Administrator um Hilfe.',
  'problem.TICKET_INVALID':
    'Dieser Link oder Code ist nicht oder nicht mehr gültig. Fordern Sie eine neue E-Mail an.',
  'problem.CLIENT_NOT_FOUND': 'Diese App gibt es nicht, oder eine andere Änderung kam zuvor.',
  'problem.CLIENT_DECLARED':
    'Diese App steht in den Einstellungen des Dienstes und ändert sich nur dort.',
  'problem.CLIENT_PUBLIC': 'Eine öffentliche App hat kein Geheimnis.',
  'problem.TOO_MANY_CLIENTS': 'Es gibt so viele Apps, wie erlaubt sind. Entfernen Sie zuerst eine.',
  'problem.CLIENT_UNKNOWN':
    'Die App, von der Sie kommen, ist hier nicht bekannt. Sagen Sie es denen, die sie betreiben.',
  'problem.REDIRECT_URI_UNKNOWN':
    'Die App, von der Sie kommen, möchte die Antwort an einer Adresse, die nicht zu ihr gehört. Dorthin wurde nichts gesendet. Sagen Sie es denen, die die App betreiben.',
  'problem.AUTHORIZATION_REFUSED':
    'Die App, von der Sie kommen, kann nicht bekommen, was sie möchte. Wenn Sie zu ihr zurückgehen, erfährt sie den Grund.',
  'problem.AUTHORIZATION_REQUEST_ENDED':
    'Diese Anmeldung für eine App ist beendet oder hat in einem anderen Browser begonnen. Gehen Sie zurück zur App und beginnen Sie neu.',
  'problem.VALIDATION_FAILED': 'Im Formular stimmt etwas nicht.',
  'problem.OTHER':
    'Diese Anfrage ließ sich nicht bearbeiten. Gehen Sie zurück und versuchen Sie es noch einmal.',
}
